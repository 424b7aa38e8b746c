using Tarn.S3.Locking;
using Tarn.Storage.Buckets;
using static Tarn.S3.Tests.Documents;

namespace Tarn.S3.Tests.Locking;

public sealed class LockDocumentTests
{
    private static readonly DateTimeOffset s_now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("<ObjectLockEnabled>Enabled</ObjectLockEnabled>")]
    [InlineData("<ObjectLockEnabled>Enabled</ObjectLockEnabled><Rule><DefaultRetention><Mode>GOVERNANCE</Mode><Days>1</Days></DefaultRetention></Rule>")]
    [InlineData("<ObjectLockEnabled>Enabled</ObjectLockEnabled><Rule><DefaultRetention><Mode>COMPLIANCE</Mode><Years>2</Years></DefaultRetention></Rule>")]
    public void Write_WhatWasParsed_IsTheSame(string content)
    {
        string document = $"<ObjectLockConfiguration>{content}</ObjectLockConfiguration>";
        Assert.Equal(document, ObjectLockConfiguration.Write(ObjectLockConfiguration.Parse(Body(document))).Text());
    }

    [Theory]
    [InlineData("Disabled", "<Mode>GOVERNANCE</Mode><Days>1</Days>", "MalformedXML")]
    [InlineData("Enabled", "<Mode>governance</Mode><Days>1</Days>", "MalformedXML")]
    [InlineData("Enabled", "<Mode>GOVERNANCE</Mode><Days>1</Days><Years>1</Years>", "MalformedXML")]
    [InlineData("Enabled", "<Mode>GOVERNANCE</Mode>", "MalformedXML")]
    [InlineData("Enabled", "<Mode>GOVERNANCE</Mode><Days>0</Days>", "InvalidRetentionPeriod")]
    [InlineData("Enabled", "<Mode>GOVERNANCE</Mode><Years>-1</Years>", "InvalidRetentionPeriod")]
    [InlineData("Enabled", "<Mode>GOVERNANCE</Mode><Days>36501</Days>", "InvalidArgument")]
    public void Parse_BrokenConfiguration_IsRefused(string enabled, string retention, string code)
    {
        string document = $"<ObjectLockConfiguration><ObjectLockEnabled>{enabled}</ObjectLockEnabled><Rule><DefaultRetention>{retention}</DefaultRetention></Rule></ObjectLockConfiguration>";
        Assert.Equal(code, CodeOf(() => ObjectLockConfiguration.Parse(Body(document))));
    }

    [Fact]
    public void ParseRetention_WithZone_IsUtc()
    {
        var retention = Retention.Parse(Body("<Retention><Mode>COMPLIANCE</Mode><RetainUntilDate>2030-01-01T02:00:00+02:00</RetainUntilDate></Retention>"), s_now);
        Assert.Equal(new ObjectRetention(RetentionMode.Compliance, new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero)), retention);
    }

    [Fact]
    public void ParseRetention_Empty_TakesItAway() => Assert.Null(Retention.Parse(Body("<Retention/>"), s_now));

    [Theory]
    [InlineData("<Mode>GOVERNANCE</Mode><RetainUntilDate>2020-01-01T00:00:00Z</RetainUntilDate>", "InvalidArgument")]
    [InlineData("<Mode>abc</Mode><RetainUntilDate>2030-01-01T00:00:00Z</RetainUntilDate>", "MalformedXML")]
    [InlineData("<Mode>GOVERNANCE</Mode>", "MalformedXML")]
    [InlineData("<Mode>GOVERNANCE</Mode><RetainUntilDate>soon</RetainUntilDate>", "MalformedXML")]
    public void ParseRetention_Broken_IsRefused(string content, string code)
        => Assert.Equal(code, CodeOf(() => Retention.Parse(Body($"<Retention>{content}</Retention>"), s_now)));

    [Theory]
    [InlineData("ON", true)]
    [InlineData("OFF", false)]
    public void ParseLegalHold_Status_IsRead(string status, bool expected)
        => Assert.Equal(expected, LegalHold.Parse(Body($"<LegalHold><Status>{status}</Status></LegalHold>")));

    [Fact]
    public void ParseLegalHold_OtherStatus_IsMalformed() => Assert.Equal("MalformedXML", CodeOf(() => LegalHold.Parse(Body("<LegalHold><Status>abc</Status></LegalHold>"))));
}
