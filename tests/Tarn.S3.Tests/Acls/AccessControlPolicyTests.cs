using Tarn.Access;
using Tarn.S3.Acls;
using static Tarn.S3.Tests.Documents;

namespace Tarn.S3.Tests.Acls;

public sealed class AccessControlPolicyTests
{
    private const string Owner = "0a", BucketOwner = "0b";

    [Theory]
    [InlineData("private")]
    [InlineData("public-read")]
    [InlineData("public-read-write")]
    [InlineData("authenticated-read")]
    [InlineData("bucket-owner-read")]
    [InlineData("bucket-owner-full-control")]
    [InlineData("log-delivery-write")]
    public void Find_GrantsThatWereShown_IsTheSameAcl(string name)
    {
        var shown = AccessControlPolicy.Write(new AccessOwner(Owner, "o", "", ""), CannedGrants.Of(name, Owner, BucketOwner), new Dictionary<string, string>());
        var read = AccessControlPolicy.Parse(shown.ToUtf8());
        Assert.Equal(Owner, read.Owner);
        Assert.Equal(name, CannedGrants.Find(read.Grants, Owner, BucketOwner)?.Name);
    }

    [Fact]
    public void Find_OtherGrants_IsNone()
        => Assert.Null(CannedGrants.Find([new(Owner, "FULL_CONTROL"), new("someone", "READ")], Owner, BucketOwner));

    [Theory]
    [InlineData("<AccessControlPolicy/>", "MalformedACLError")]
    [InlineData("<AccessControlPolicy><AccessControlList><Grant><Permission>READ</Permission></Grant></AccessControlList></AccessControlPolicy>", "MalformedACLError")]
    [InlineData("<AccessControlPolicy><AccessControlList><Grant><Grantee><ID>a</ID></Grantee><Permission>LOOK</Permission></Grant></AccessControlList></AccessControlPolicy>", "MalformedACLError")]
    [InlineData("<AccessControlPolicy><AccessControlList><Grant><Grantee xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:type=\"Group\"><URI>http://x</URI></Grantee><Permission>READ</Permission></Grant></AccessControlList></AccessControlPolicy>", "InvalidArgument")]
    [InlineData("<AccessControlPolicy><AccessControlList><Grant><Grantee xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:type=\"AmazonCustomerByEmail\"><EmailAddress>a@b.c</EmailAddress></Grantee><Permission>READ</Permission></Grant></AccessControlList></AccessControlPolicy>", "UnresolvableGrantByEmailAddress")]
    public void Parse_Broken_IsRefused(string document, string code) => Assert.Equal(code, CodeOf(() => AccessControlPolicy.Parse(Body(document))));
}
