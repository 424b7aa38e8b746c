using System.Text;
using Tarn.Core.Errors;
using Tarn.DuckDb.Writing;
using Tarn.Engine.Types;
using Tarn.Iceberg.Spec;

namespace Tarn.Engine.Foreign.Lines;

/// <summary>A column of a file of lines that a query wants.</summary>
/// <param name="Position">Its place in a line.</param>
/// <param name="Field">The column of the table.</param>
/// <param name="Type">Its type in Hive's words.</param>
/// <param name="Output">Where the engine wants it.</param>
internal sealed record LineColumn(int Position, NestedField Field, HiveType Type, int Output)
{
    // Text that is no UTF-8 has no value that others would agree on.
    private static readonly UTF8Encoding s_utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Writes a value in the representation of <see cref="LiteralValue"/>.</summary>
    public void Write(DuckDbChunkWriter output, int row, object? value)
    {
        if (value is string text)
            output[Output].SetString(row, text);
        else
            output[Output].SetValue(row, EngineValue.Of(Field.Type, value));
    }

    /// <summary>The text of bytes.</summary>
    /// <exception cref="TarnException">DataCorrupted: they are not UTF-8.</exception>
    public static string Text(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return s_utf8.GetString(bytes);
        }
        catch (DecoderFallbackException error)
        {
            throw TarnException.Corrupted("it is not UTF-8", error);
        }
    }
}

/// <summary>Cuts a line into columns. One for each thread.</summary>
internal interface ILineDecoder
{
    /// <summary>Writes the wanted columns of a line.</summary>
    /// <exception cref="TarnException">The line is damaged; the message is a part of a sentence, without file and line.</exception>
    void Decode(ReadOnlySpan<byte> line, DuckDbChunkWriter output, int row);
}
