using Microsoft.AspNetCore.Http;
using Tarn.S3.Errors;
using Tarn.S3.Xml;

namespace Tarn.S3.Hosting;

/// <summary>Answers a request with an error document.</summary>
internal static class ErrorAnswer
{
    /// <summary>Writes it; HEAD and 304 get the head alone.</summary>
    /// <param name="http">The exchange, whose answer has not begun.</param>
    /// <param name="failure">What to say.</param>
    /// <param name="isTokenService">True for the form of the Security Token Service.</param>
    /// <param name="requestId">Id of the request.</param>
    /// <param name="hostId">Id of the server.</param>
    public static async ValueTask WriteAsync(HttpContext http, S3Exception failure, bool isTokenService, string requestId, string hostId)
    {
        var response = http.Response;
        response.StatusCode = failure.Error.Status;
        foreach (var (name, value) in failure.Headers)
            response.Headers[name] = value;
        if (failure.Error.Status == StatusCodes.Status304NotModified)
            return;
        byte[] body = isTokenService ? TokenErrorDocument.Write(failure.Error, failure.Message, requestId)
            : ErrorDocument.Write(failure.Error, failure.Message, failure.Details, http.Request.Path.Value ?? "", requestId, hostId);
        response.ContentType = XmlAnswer.ContentType;
        if (HttpMethods.IsHead(http.Request.Method))
            return;
        response.ContentLength = body.Length;
        await response.BodyWriter.WriteAsync(body);
    }
}
