using Tarn.Core.Errors;

namespace Tarn.S3.Errors;

/// <summary>A request that is answered with an error of the S3 API, where a handler knows the code better than a kind could tell.</summary>
internal sealed class S3Exception(S3Error error, string? message = null, Exception? cause = null)
    : TarnException(KindOf(error), message ?? error.Message, cause)
{
    private List<(string Name, string Value)>? _details;

    /// <summary>The error to answer with.</summary>
    public S3Error Error { get; } = error;

    /// <summary>Further elements of the error document, in order.</summary>
    public IReadOnlyList<(string Name, string Value)> Details => _details ?? [];

    /// <summary>Headers that this answer needs beside the document, for instance <c>x-amz-delete-marker</c>.</summary>
    public Dictionary<string, string> Headers { get; } = [];

    /// <summary>Adds an element to the error document.</summary>
    public S3Exception With(string name, string value)
    {
        (_details ??= []).Add((name, value));
        return this;
    }

    /// <summary>Adds a header to the answer.</summary>
    public S3Exception WithHeader(string name, string value)
    {
        Headers[name] = value;
        return this;
    }

    private static ErrorKind KindOf(S3Error error) => error.Status switch
    {
        401 => ErrorKind.Unauthenticated,
        403 => ErrorKind.PermissionDenied,
        404 => ErrorKind.NotFound,
        409 or 412 => ErrorKind.Conflict,
        500 => ErrorKind.Internal,
        501 => ErrorKind.Unsupported,
        503 => ErrorKind.Unavailable,
        507 => ErrorKind.ResourceExhausted,
        _ => ErrorKind.InvalidRequest,
    };
}
