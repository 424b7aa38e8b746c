using Amazon.Runtime;
using Tarn.Core.Errors;
using Tarn.Storage.Remote;

namespace Tarn.Storage.Tests.Remote;

public sealed class S3FailuresTests
{
    [Theory]
    [InlineData(HttpRequestError.SecureConnectionError, "write http:// where no TLS is spoken")]
    [InlineData(HttpRequestError.ResponseEnded, "write https:// where TLS is spoken")]
    [InlineData(HttpRequestError.ConnectionError, "the remote store does not answer (odd)")]
    public void Translate_WrongScheme_SaysTheOther(HttpRequestError kind, string way)
    {
        var error = S3Failures.Translate(new AmazonClientException("failed", new HttpRequestException(kind, "odd")), "Cannot list the buckets");
        Assert.Equal(ErrorKind.Unavailable, error.Kind);
        Assert.StartsWith("Cannot list the buckets: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(way, error.Message, StringComparison.Ordinal);
    }
}
