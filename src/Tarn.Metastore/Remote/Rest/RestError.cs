using System.Text.Json;

namespace Tarn.Metastore.Remote.Rest;

/// <summary>What a server says of a failure: <c>error</c> of the specification's <c>ErrorModel</c>, or OAuth2's <c>error</c> and <c>error_description</c>.</summary>
/// <param name="Type">The exception of the reference implementation, e.g. <c>NoSuchTableException</c>; empty when there is none.</param>
/// <param name="Message">Its message, shortened; empty when there is none.</param>
internal sealed record RestError(string Type, string Message)
{
    /// <summary>Reads a body; anything that is no error model gives an empty one, because proxies answer too.</summary>
    public static RestError Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            if (json.RootElement.ValueKind != JsonValueKind.Object || !json.RootElement.TryGetProperty("error", out var error))
                return new RestError("", "");
            return error.ValueKind == JsonValueKind.Object
                ? new RestError(Text(error, "type"), Text(error, "message"))
                : new RestError(Text(json.RootElement, "error"), Text(json.RootElement, "error_description"));
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return new RestError("", "");
        }
    }

    private static string Text(JsonElement json, string name)
    {
        string text = json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
        return text.Length <= RestLimits.MessageChars ? text : text[..RestLimits.MessageChars] + "…";
    }
}
