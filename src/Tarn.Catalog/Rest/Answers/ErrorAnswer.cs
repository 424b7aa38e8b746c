using System.Globalization;
using System.Text.Json;
using Tarn.Catalog.Rest.Errors;
using Tarn.Core.Errors;

namespace Tarn.Catalog.Rest.Answers;

/// <summary>An error as answer (REST specification, <c>ErrorModel</c>).</summary>
internal static class ErrorAnswer
{
    // What a request without credentials, or with wrong ones, can show instead (RFC 9110 §15.5.2).
    private const string Challenge = "Bearer realm=\"tarn\"";

    public static RestAnswer Of(RestException failure) => RestAnswer.Json(
        json => Write(json, failure),
        failure.Error.Status) with
    {
        Headers = failure.RetryAfter is { } wait ? [new("Retry-After", Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture))]
            : failure.Error == RestError.NotAuthorized ? [new("WWW-Authenticate", Challenge)]
            : [],
    };

    /// <summary>Writes the field <c>error</c> into an object.</summary>
    public static void Write(Utf8JsonWriter json, RestException failure)
    {
        json.WriteStartObject("error");
        json.WriteString("message", ClientMessages.Of(failure));
        json.WriteString("type", failure.Error.Type);
        json.WriteNumber("code", failure.Error.Status);
        json.WriteEndObject();
    }
}
