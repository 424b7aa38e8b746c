using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Tarn.Core.Text;

namespace Tarn.Catalog.Rest.Answers;

/// <summary>The answer to a request: a status and the parts of its body, which are sent one after the other.</summary>
internal sealed record RestAnswer(int Status, IReadOnlyList<ReadOnlyMemory<byte>> Body)
{
    // Enough that a piece hardly costs anything itself, few enough that arrays of this size are kept for the next answer.
    private const int PieceBytes = 256 << 10;

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
        await response.StartAsync(cancellationToken);
        foreach (var part in Body)
            await WriteAsync(response.BodyWriter, part, cancellationToken);
        await response.BodyWriter.FlushAsync(cancellationToken);
    }

    // The writer's own pieces are 4 KB, and to rent and to send hundreds of them for the metadata of one table costs more than to copy it.
    private static async ValueTask WriteAsync(PipeWriter writer, ReadOnlyMemory<byte> part, CancellationToken cancellationToken)
    {
        for (int length; part.Length > 0; part = part[length..])
        {
            length = Math.Min(part.Length, PieceBytes);
            part.Span[..length].CopyTo(writer.GetSpan(length));
            writer.Advance(length);
            if (length == PieceBytes)
                await writer.FlushAsync(cancellationToken);
        }
    }
}
