using System.Net;
using Amazon.Runtime;
using Amazon.S3;
using Tarn.Core.Errors;

namespace Tarn.Storage.Remote;

/// <summary>What a failure of the remote store means for the caller.</summary>
internal static class S3Failures
{
    /// <summary>Whether an exception comes from the SDK or its transport.</summary>
    public static bool IsRemote(Exception error) => error is AmazonServiceException or AmazonClientException or HttpRequestException or IOException;

    /// <summary>Whether a conditional write found an object, or another writer on its way.</summary>
    public static bool IsTaken(AmazonS3Exception error) =>
        error.StatusCode == HttpStatusCode.PreconditionFailed || error.ErrorCode is "ConditionalRequestConflict";

    /// <summary>Whether there is no such object.</summary>
    public static bool IsMissing(AmazonS3Exception error) =>
        error.StatusCode == HttpStatusCode.NotFound && error.ErrorCode is not "NoSuchBucket";

    /// <param name="error">For which <see cref="IsRemote"/> holds.</param>
    /// <param name="attempt">What was tried, e.g. <c>Cannot read 's3://…'</c>.</param>
    public static TarnException Translate(Exception error, string attempt) => error switch
    {
        AmazonS3Exception { ErrorCode: "NoSuchBucket" } => new(ErrorKind.NotFound, $"{attempt}: there is no such bucket; create it, or correct its name.", error),
        AmazonS3Exception { StatusCode: HttpStatusCode.NotFound } => TarnException.NotFound($"{attempt}: there is no such object.", error),
        AmazonS3Exception { ErrorCode: "QuotaExceeded" or "XMinioStorageFull" or "InsufficientStorage" or "StorageFull" } full => new(ErrorKind.ResourceExhausted, $"{attempt}: the remote store is full ({full.ErrorCode}: {full.Message}).", error),
        AmazonS3Exception { StatusCode: HttpStatusCode.Forbidden } denied => new(ErrorKind.PermissionDenied, $"{attempt}: the remote store refuses it ({denied.ErrorCode}: {denied.Message}); check the keys and their policy.", error),
        AmazonS3Exception { StatusCode: HttpStatusCode.Unauthorized } denied => new(ErrorKind.Unauthenticated, $"{attempt}: the remote store does not know the keys ({denied.ErrorCode}).", error),
        AmazonS3Exception { StatusCode: HttpStatusCode.BadRequest } wrong => TarnException.Invalid($"{attempt}: the remote store refuses the request ({wrong.ErrorCode}: {wrong.Message}).", error),
        AmazonServiceException { StatusCode: HttpStatusCode.MovedPermanently or HttpStatusCode.TemporaryRedirect } => TarnException.Invalid($"{attempt}: the bucket lies in another region; set storage.s3.region.", error),
        AmazonS3Exception { StatusCode: HttpStatusCode.Conflict } conflict => new(ErrorKind.Conflict, $"{attempt}: the remote store refuses it ({conflict.ErrorCode}: {conflict.Message}).", conflict),
        AmazonS3Exception { StatusCode: >= HttpStatusCode.BadRequest, ErrorCode.Length: > 0 } failed => new(ErrorKind.Unavailable, $"{attempt}: the remote store fails ({failed.ErrorCode}: {failed.Message}).", failed),
        _ when HttpErrorOf(error) is HttpRequestError.SecureConnectionError => new(ErrorKind.Unavailable, $"{attempt}: no TLS connection comes about ({error.GetBaseException().Message.TrimEnd('.')}); check the certificate, or write http:// where no TLS is spoken.", error),
        _ when HttpErrorOf(error) is HttpRequestError.ResponseEnded => new(ErrorKind.Unavailable, $"{attempt}: the remote store ends the connection without an answer; write https:// where TLS is spoken.", error),
        _ => new(ErrorKind.Unavailable, $"{attempt}: the remote store does not answer ({error.GetBaseException().Message}).", error),
    };

    private static HttpRequestError? HttpErrorOf(Exception? error) => error switch
    {
        null => null,
        HttpRequestException http => http.HttpRequestError,
        _ => HttpErrorOf(error.InnerException),
    };
}
