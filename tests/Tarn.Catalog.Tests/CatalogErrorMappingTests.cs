using Microsoft.AspNetCore.Http;
using Tarn.Catalog.Rest.Errors;
using Tarn.Core.Errors;

namespace Tarn.Catalog.Tests;

public sealed class CatalogErrorMappingTests
{
    [Fact]
    public void Of_EveryKind_HasAnError() => Assert.All(Enum.GetValues<ErrorKind>(), kind => Assert.InRange(CatalogErrorMapping.Of(kind).Status, 400, 599));

    [Theory]
    [InlineData(ErrorKind.Conflict, 409)]
    [InlineData(ErrorKind.Unavailable, 503)]
    [InlineData(ErrorKind.ResourceExhausted, 503)]
    [InlineData(ErrorKind.DataCorrupted, 500)]
    [InlineData(ErrorKind.Internal, 500)]
    public void Of_WhatACommitCanMeet_IsWhatClientsExpect(ErrorKind kind, int status) => Assert.Equal(status, CatalogErrorMapping.Of(kind).Status);

    [Fact]
    public void Translate_UnknownOutcome_SaysSo() =>
        Assert.Equal(RestError.CommitStateUnknown, CatalogErrorMapping.Translate(new CommitStateUnknownException("lost")).Error);

    [Fact]
    public void Translate_Defects_TellNothingOfTheirInside()
    {
        foreach (var defect in new Exception[] { new InvalidOperationException("secret"), new TarnException(ErrorKind.Internal, "secret"), new NullReferenceException("secret") })
        {
            var answer = CatalogErrorMapping.Translate(defect);
            Assert.Equal(StatusCodes.Status500InternalServerError, answer.Error.Status);
            Assert.DoesNotContain("secret", answer.Message, StringComparison.Ordinal);
        }
    }
}
