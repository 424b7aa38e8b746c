using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Tarn.Core.Text;

namespace Tarn.Catalog.Rest.Answers;

/// <summary>The answer to a request: a status and the parts of its body, which are sent one after the other.</summary>
internal sealed record RestAnswer(int Status, IReadOnlyList<ReadOnlyMemory<byte>> Body)
{
    private static readonly JsonWriterOptions s_options = PlainJson.Options with { SkipValidation = true };

    /// <summary>Success without a body.</summary>
    public static RestAnswer NoContent { get; } = new(StatusCodes.Status204NoContent, []);

    /// <summary>The entity tag, quotes included; null for none.</summary>
    public string? EntityTag { get; init; }

    /// <summary>Other headers.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>Length of the body.</summary>
    public long BodySizeBytes => Body.Sum(part => (long)part.Length);

    /// <summary>An answer with a JSON object.</summary>
    public static RestAnswer Json(Action<Utf8JsonWriter> write, int status = StatusCodes.Status200OK) => new(status, [WriteObject(write)]);

    /// <summary>A JSON object as UTF-8.</summary>
    public static ReadOnlyMemory<byte> WriteObject(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, s_options))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    /// <summary>Sends the answer; HEAD gets the head alone.</summary>
    public async ValueTask WriteAsync(HttpContext http, CancellationToken cancellationToken)
    {
        var response = http.Response;
        response.StatusCode = Status;
        if (EntityTag is not null)
            response.Headers.ETag = EntityTag;
        foreach (var (name, value) in Headers)
            response.Headers[name] = value;
        // A length on 204 and 304 is not allowed (RFC 9110 §8.6).
        if (Status is StatusCodes.Status204NoContent or StatusCodes.Status304NotModified)
            return;
        response.ContentLength = BodySizeBytes;
        if (Body.Count == 0)
            return;
        response.ContentType = "application/json";
        if (HttpMethods.IsHead(http.Request.Method))
            return;
        foreach (var part in Body)
            await response.BodyWriter.WriteAsync(part, cancellationToken);
    }
}
