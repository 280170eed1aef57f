# JSON::Validator: reads {schema, bodies} on standard input, each body as JSON text; writes a verdict for each, or
# null for one that it can't read.
use strict;
use warnings;
use JSON::PP;
use JSON::Validator;

my $json = JSON::PP->new->allow_nonref->ascii;
my $given = do { local $/; $json->decode(<STDIN>) };
my $validator = JSON::Validator->new->schema($given->{schema});

sub verdict {
    my $body = shift;
    my @errors = $validator->validate($body);
    return @errors ? JSON::PP::false : JSON::PP::true;
}
print $json->encode([map { my $body; eval { $body = $json->decode($_); 1 } ? verdict($body) : undef } @{ $given->{bodies} }]);
