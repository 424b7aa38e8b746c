using Tarn.S3.Ownership;
using static Tarn.S3.Tests.Documents;

namespace Tarn.S3.Tests.Ownership;

public sealed class ObjectOwnershipTests
{
    [Theory]
    [InlineData(ObjectOwnership.BucketOwnerEnforced)]
    [InlineData(ObjectOwnership.BucketOwnerPreferred)]
    [InlineData(ObjectOwnership.ObjectWriter)]
    public void Parse_WhatWasWritten_IsTheSame(string ownership) => Assert.Equal(ownership, ObjectOwnership.Parse(ObjectOwnership.Write(ownership).ToUtf8()));

    [Theory]
    [InlineData("<OwnershipControls/>")]
    [InlineData("<OwnershipControls><Rule><ObjectOwnership>Nobody</ObjectOwnership></Rule></OwnershipControls>")]
    public void Parse_Broken_IsMalformedXml(string document) => Assert.Equal("MalformedXML", CodeOf(() => ObjectOwnership.Parse(Body(document))));
}
