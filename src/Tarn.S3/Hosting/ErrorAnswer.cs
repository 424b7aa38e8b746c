using Microsoft.AspNetCore.Http;
using Tarn.S3.Errors;
using Tarn.S3.Xml;

namespace Tarn.S3.Hosting;

/// <summary>Answers a request with an error document.</summary>
internal static class ErrorAnswer
{
    /// <summary>Writes it; HEAD and 304 get the head alone.</summary>
    public static async ValueTask WriteAsync(HttpContext http, S3Exception failure, string requestId, string hostId)
    {
        var response = http.Response;
        response.StatusCode = failure.Error.Status;
        foreach (var (name, value) in failure.Headers)
            response.Headers[name] = value;
        if (failure.Error.Status == StatusCodes.Status304NotModified)
            return;
        byte[] body = ErrorDocument.Write(failure.Error, failure.Message, failure.Details, http.Request.Path.Value ?? "", requestId, hostId);
        response.ContentType = XmlAnswer.ContentType;
        if (HttpMethods.IsHead(http.Request.Method))
            return;
        response.ContentLength = body.Length;
        await response.BodyWriter.WriteAsync(body);
    }
}
