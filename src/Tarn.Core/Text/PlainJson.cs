using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Tarn.Core.Text;

/// <summary>
/// JSON as Tarn writes it: escaped is what RFC 8259 section 7 demands and no more, where the default of .NET also escapes what would be unsafe inside a page of HTML.
/// </summary>
public static class PlainJson
{
    /// <summary>The form; take it <c>with</c> another depth or without validation where one needs that.</summary>
    public static JsonWriterOptions Options { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A value as UTF-8, without byte order mark or insignificant white space.</summary>
    /// <param name="write">Writes the value.</param>
    /// <param name="expectedBytes">How long it will be about; it may become longer.</param>
    /// <param name="maxDepth">Deepest nesting; 0 for the thousand of .NET.</param>
    /// <exception cref="InvalidOperationException">What is written is no JSON, or nested deeper.</exception>
    public static byte[] ToUtf8(Action<Utf8JsonWriter> write, int expectedBytes = 1024, int maxDepth = 0) => Write(write, expectedBytes, maxDepth).WrittenSpan.ToArray();

    /// <summary>A value as text.</summary>
    /// <param name="write">Writes the value.</param>
    /// <exception cref="InvalidOperationException">What is written is no JSON.</exception>
    public static string ToText(Action<Utf8JsonWriter> write) => Encoding.UTF8.GetString(Write(write, 1024, 0).WrittenSpan);

    private static ArrayBufferWriter<byte> Write(Action<Utf8JsonWriter> write, int expectedBytes, int maxDepth)
    {
        var buffer = new ArrayBufferWriter<byte>(expectedBytes);
        using (var json = new Utf8JsonWriter(buffer, Options with { MaxDepth = maxDepth }))
            write(json);
        return buffer;
    }
}
