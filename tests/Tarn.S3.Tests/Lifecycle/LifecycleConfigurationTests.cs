using Tarn.S3.Lifecycle;
using static Tarn.S3.Tests.Documents;

namespace Tarn.S3.Tests.Lifecycle;

public sealed class LifecycleConfigurationTests
{
    [Theory]
    [InlineData("<Rule><ID>a</ID><Prefix>logs/</Prefix><Status>Enabled</Status><Expiration><Days>3</Days></Expiration></Rule>")]
    [InlineData("<Rule><ID>a</ID><Filter><Prefix>logs/</Prefix></Filter><Status>Disabled</Status><Expiration><ExpiredObjectDeleteMarker>true</ExpiredObjectDeleteMarker></Expiration></Rule>")]
    [InlineData("<Rule><ID>a</ID><Filter><And><Prefix>x</Prefix><Tag><Key>k</Key><Value>v</Value></Tag><ObjectSizeGreaterThan>5</ObjectSizeGreaterThan></And></Filter><Status>Enabled</Status><NoncurrentVersionExpiration><NoncurrentDays>2</NoncurrentDays><NewerNoncurrentVersions>4</NewerNoncurrentVersions></NoncurrentVersionExpiration></Rule>")]
    [InlineData("<Rule><ID>a</ID><Filter><Prefix></Prefix></Filter><Status>Enabled</Status><AbortIncompleteMultipartUpload><DaysAfterInitiation>7</DaysAfterInitiation></AbortIncompleteMultipartUpload></Rule>")]
    [InlineData("<Rule><ID>a</ID><Prefix></Prefix><Status>Enabled</Status><Expiration><Date>2030-01-31T00:00:00.000Z</Date></Expiration></Rule>")]
    public void Write_WhatWasParsed_IsTheSame(string rule)
    {
        string document = $"<LifecycleConfiguration>{rule}</LifecycleConfiguration>";
        Assert.Equal(document, LifecycleDocument.Write(LifecycleConfiguration.Parse(Body(document), Name)).Text());
    }

    [Theory]
    [InlineData("<Prefix/><Status>enabled</Status><Expiration><Days>1</Days></Expiration>", "MalformedXML")]
    [InlineData("<Status>Enabled</Status><Expiration><Days>1</Days></Expiration>", "MalformedXML")]
    [InlineData("<Prefix/><Filter/><Status>Enabled</Status><Expiration><Days>1</Days></Expiration>", "MalformedXML")]
    [InlineData("<Prefix/><Status>Enabled</Status><Expiration><Days>1</Days><Date>2030-01-31T00:00:00Z</Date></Expiration>", "MalformedXML")]
    [InlineData("<Prefix/><Status>Enabled</Status><Expiration><Date>20200101</Date></Expiration>", "MalformedXML")]
    [InlineData("<Prefix/><Status>Enabled</Status><Expiration><Date>2030-01-31T01:00:00Z</Date></Expiration>", "InvalidArgument")]
    [InlineData("<Prefix/><Status>Enabled</Status><Expiration><Days>0</Days></Expiration>", "InvalidArgument")]
    [InlineData("<Prefix/><Status>Enabled</Status><NoncurrentVersionExpiration/>", "MalformedXML")]
    [InlineData("<Prefix/><Status>Enabled</Status>", "InvalidRequest")]
    [InlineData("<Prefix/><Status>Enabled</Status><Transition><Days>1</Days><StorageClass>GLACIER</StorageClass></Transition>", "InvalidStorageClass")]
    [InlineData("<Filter><Tag><Key>a</Key><Value>b</Value></Tag></Filter><Status>Enabled</Status><AbortIncompleteMultipartUpload><DaysAfterInitiation>7</DaysAfterInitiation></AbortIncompleteMultipartUpload>", "InvalidRequest")]
    [InlineData("<Filter><Prefix>a</Prefix><And><Prefix>b</Prefix></And></Filter><Status>Enabled</Status><Expiration><Days>1</Days></Expiration>", "MalformedXML")]
    public void Parse_BrokenRule_IsRefused(string rule, string code)
        => Assert.Equal(code, CodeOf(() => LifecycleConfiguration.Parse(Body($"<LifecycleConfiguration><Rule>{rule}</Rule></LifecycleConfiguration>"), Name)));

    [Fact]
    public void Parse_RulesWithoutId_GetNames()
    {
        const string rule = "<Rule><Prefix>a</Prefix><Status>Enabled</Status><Expiration><Days>1</Days></Expiration></Rule>";
        int count = 0;
        var lifecycle = LifecycleConfiguration.Parse(Body($"<LifecycleConfiguration>{rule}{rule}</LifecycleConfiguration>"), () => $"n{++count}");
        Assert.Equal(["n1", "n2"], lifecycle.Rules.Select(r => r.Id));
    }

    [Fact]
    public void Parse_SameIdTwice_IsInvalidArgument()
    {
        const string rule = "<Rule><ID>a</ID><Prefix>a</Prefix><Status>Enabled</Status><Expiration><Days>1</Days></Expiration></Rule>";
        Assert.Equal("InvalidArgument", CodeOf(() => LifecycleConfiguration.Parse(Body($"<LifecycleConfiguration>{rule}{rule}</LifecycleConfiguration>"), Name)));
    }

    [Fact]
    public void Parse_ConditionsBesideAnd_MustAllHold()
    {
        const string rule = "<Rule><ID>a</ID><Filter><Prefix>days1/</Prefix><Tag><Key>tom</Key><Value>sawyer</Value></Tag><And><Prefix>days1</Prefix><Tag><Key>huck</Key>"
            + "<Value>finn</Value></Tag></And></Filter><Status>Enabled</Status><Expiration><Days>1</Days></Expiration></Rule>";
        var parsed = Assert.Single(LifecycleConfiguration.Parse(Body($"<LifecycleConfiguration>{rule}</LifecycleConfiguration>"), Name).Rules);
        Assert.Equal("days1/", parsed.Prefix);
        Assert.Equal(2, parsed.Tags.Count);
    }

    private static string Name() => "unnamed";
}
