using System.Globalization;
using System.Text;
using Tarn.Core.Errors;
using Tarn.Core.Storage;

namespace Tarn.Engine.Ingest;

/// <summary>Text in an encoding that the engine does not read, as UTF-8 in the staging area until this is disposed. Lines keep their numbers.</summary>
internal sealed class TextCopy : IDisposable
{
    /// <summary>UTF-16 with the high byte first.</summary>
    public const string Utf16HighByteFirst = "utf-16be";

    /// <summary>What Excel on Windows writes: Latin-1 with letters, quotes and the euro where that has control characters.</summary>
    public const string Windows1252 = "windows-1252";

    private const int BufferCharacters = 1 << 16;
    private readonly StagedFile staged;

    private TextCopy(IObjectStore store) => staged = store.Stage(".csv");

    /// <summary>The copy.</summary>
    public string Path => staged.Path;

    /// <summary>True for an encoding that is read by way of a copy.</summary>
    public static bool IsNeeded(string encoding) => encoding is Utf16HighByteFirst or Windows1252;

    /// <summary>Copies a file.</summary>
    /// <exception cref="TarnException">DataCorrupted when it does not unpack, or is no text in its encoding, or says that it is in another.</exception>
    public static TextCopy Of(SourceFile file, IObjectStore store, CancellationToken cancellationToken)
    {
        RefuseMarkedUtf8(file);
        var copy = new TextCopy(store);
        try
        {
            using var reader = new StreamReader(SourceText.Open(file), EncodingOf(file), detectEncodingFromByteOrderMarks: false, BufferCharacters);
            using var writer = new StreamWriter(copy.Path, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), BufferCharacters);
            char[] buffer = new char[BufferCharacters];
            for (int length = reader.Read(buffer); length > 0; length = reader.Read(buffer))
            {
                cancellationToken.ThrowIfCancellationRequested();
                writer.Write(buffer, 0, length);
            }

            return copy;
        }
        catch (DecoderFallbackException e)
        {
            copy.Dispose();
            throw TarnException.Corrupted($"File '{file.Name}' is cut off or no text in {file.Encoding}: {e.Message} Copy it again, or convert it to UTF-8.", e);
        }
        catch
        {
            copy.Dispose();
            throw;
        }
    }

    /// <summary>Text by its name here.</summary>
    internal static Encoding EncodingOf(SourceFile file) => file.Encoding switch
    {
        "utf-16" => Encoding.Unicode,
        Utf16HighByteFirst => new UnicodeEncoding(bigEndian: true, byteOrderMark: true, throwOnInvalidBytes: true),
        Windows1252 => CodePagesEncodingProvider.Instance.GetEncoding(1252)!,
        _ => Encoding.UTF8,
    };

    // Of one that says to be UTF-8 some bytes are damaged, or are another file's: which characters they were nobody knows.
    private static void RefuseMarkedUtf8(SourceFile file)
    {
        using var text = SourceText.Open(file);
        Span<byte> head = stackalloc byte[Encoding.UTF8.Preamble.Length];
        if (!head[..text.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)].SequenceEqual(Encoding.UTF8.Preamble))
            return;
        string line = SourceText.FirstLineThatIsNoUtf8(text) is { } number ? string.Create(CultureInfo.InvariantCulture, $", line {number}") : "";
        throw TarnException.Corrupted($"File '{file.Name}'{line}: bytes that are no UTF-8, though the file begins with the mark of UTF-8 (EF BB BF). Mend the line; when all of the file is in another encoding, take the mark out or convert it to UTF-8.");
    }

    /// <inheritdoc/>
    public void Dispose() => staged.Dispose();
}
