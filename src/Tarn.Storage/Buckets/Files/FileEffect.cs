using System.Buffers;
using System.Text;
using Tarn.Storage.Buckets.Index;

namespace Tarn.Storage.Buckets.Files;

/// <summary>
/// What a logged batch does to files, carried out after the batch is durable and repeated after a power cut. Paths are relative to the data folder.
/// </summary>
/// <param name="Path">The file that is different afterwards.</param>
internal abstract record FileEffect(string Path);

/// <summary>A synced file with a durable name becomes the file, in place of an old one.</summary>
internal sealed record PlaceFile(string Path, string Source) : FileEffect(Path);

/// <summary>A file with this content becomes the file; the source has the content already, but is not synced.</summary>
internal sealed record PlaceContent(string Path, string Source, ReadOnlyMemory<byte> Content) : FileEffect(Path);

/// <summary>An object's file gets another name, under which there is none yet.</summary>
internal sealed record MoveFile(string Path, string Source) : FileEffect(Path);

/// <summary>The file is deleted.</summary>
internal sealed record RemoveFile(string Path) : FileEffect(Path);

/// <summary>Somebody else wrote or deleted the file: nothing that was logged before is repeated on it.</summary>
internal sealed record LeaveFile(string Path) : FileEffect(Path);

/// <summary>The last effect on the file was not carried out and will not be.</summary>
internal sealed record CancelEffect(string Path) : FileEffect(Path);

/// <summary>Effects as bytes. The one content that a batch may have stands at the end.</summary>
internal static class FileEffects
{
    private const ulong PlaceKind = 1, ContentKind = 2, MoveKind = 3, RemoveKind = 4, LeaveKind = 5, CancelKind = 6;

    public static byte[] Write(IReadOnlyList<FileEffect> effects)
    {
        var content = effects.OfType<PlaceContent>().SingleOrDefault()?.Content ?? ReadOnlyMemory<byte>.Empty;
        var target = new ArrayBufferWriter<byte>(content.Length + 256);
        VarInt.Write(target, (ulong)effects.Count);
        foreach (var effect in effects)
            Write(target, effect);
        target.Write(content.Span);
        return target.WrittenSpan.ToArray();
    }

    public static IReadOnlyList<FileEffect> Read(ReadOnlyMemory<byte> source)
    {
        int at = 0;
        var effects = new List<FileEffect>();
        for (ulong left = VarInt.Read(source.Span, ref at); left > 0; left--)
            effects.Add(Read(source, ref at));
        return effects;
    }

    private static void Write(ArrayBufferWriter<byte> target, FileEffect effect)
    {
        var (kind, source) = effect switch
        {
            PlaceFile place => (PlaceKind, place.Source),
            PlaceContent place => (ContentKind, place.Source),
            MoveFile move => (MoveKind, move.Source),
            RemoveFile => (RemoveKind, ""),
            LeaveFile => (LeaveKind, ""),
            CancelEffect => (CancelKind, ""),
            _ => throw new ArgumentException($"No effect of type {effect.GetType()} is known."),
        };
        VarInt.Write(target, kind);
        WriteText(target, effect.Path);
        WriteText(target, source);
        if (effect is PlaceContent content)
            VarInt.Write(target, (ulong)content.Content.Length);
    }

    private static FileEffect Read(ReadOnlyMemory<byte> bytes, ref int at)
    {
        ulong kind = VarInt.Read(bytes.Span, ref at);
        string path = ReadText(bytes.Span, ref at), source = ReadText(bytes.Span, ref at);
        return kind switch
        {
            PlaceKind => new PlaceFile(path, source),
            ContentKind => new PlaceContent(path, source, bytes[^(int)VarInt.Read(bytes.Span, ref at)..]),
            MoveKind => new MoveFile(path, source),
            RemoveKind => new RemoveFile(path),
            LeaveKind => new LeaveFile(path),
            CancelKind => new CancelEffect(path),
            _ => throw Core.Errors.TarnException.Unsupported($"The log of the object index holds an effect of kind {kind}, which this program does not know; run the newer Tarn that wrote it."),
        };
    }

    private static void WriteText(ArrayBufferWriter<byte> target, string text)
    {
        int length = Encoding.UTF8.GetByteCount(text);
        VarInt.Write(target, (ulong)length);
        target.Advance(Encoding.UTF8.GetBytes(text, target.GetSpan(length)));
    }

    private static string ReadText(ReadOnlySpan<byte> source, ref int at)
    {
        int length = (int)VarInt.Read(source, ref at);
        string text = Encoding.UTF8.GetString(source.Slice(at, length));
        at += length;
        return text;
    }
}
