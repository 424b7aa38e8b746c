using Tarn.S3.Versioning;
using Tarn.Storage.Buckets;
using static Tarn.S3.Tests.Documents;

namespace Tarn.S3.Tests.Versioning;

public sealed class VersioningConfigurationTests
{
    [Theory]
    [InlineData(BucketVersioning.Enabled)]
    [InlineData(BucketVersioning.Suspended)]
    public void Parse_WhatWasWritten_IsTheSame(BucketVersioning versioning)
        => Assert.Equal(versioning, VersioningConfiguration.Parse(VersioningConfiguration.Write(versioning).ToUtf8()));

    [Fact]
    public void Write_NeverEnabled_HasNoStatus() => Assert.Equal("<VersioningConfiguration></VersioningConfiguration>", VersioningConfiguration.Write(BucketVersioning.Off).Text());

    [Theory]
    [InlineData("<VersioningConfiguration/>", "IllegalVersioningConfigurationException")]
    [InlineData("<VersioningConfiguration><Status>Off</Status></VersioningConfiguration>", "MalformedXML")]
    [InlineData("<VersioningConfiguration><Status>Enabled</Status><MfaDelete>Enabled</MfaDelete></VersioningConfiguration>", "NotImplemented")]
    [InlineData("<Versioning><Status>Enabled</Status></Versioning>", "MalformedXML")]
    public void Parse_Broken_IsRefused(string document, string code) => Assert.Equal(code, CodeOf(() => VersioningConfiguration.Parse(Body(document))));
}
