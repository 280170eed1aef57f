# Reads {patterns, texts} on standard input; writes, for each pattern, whether it is found in each text.
use strict;
use warnings FATAL => "all";
use JSON::PP;

my $json = JSON::PP->new->ascii;
my $given = do { local $/; $json->decode(<STDIN>) };
sub found {
    my $pattern = qr/$_[0]/;
    return [map { $_ =~ $pattern ? JSON::PP::true : JSON::PP::false } @{ $given->{texts} }];
}
print $json->encode([map { found($_) } @{ $given->{patterns} }]);
