using Tarn.Core.Errors;
using Tarn.DuckDb.Writing;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Engine.Foreign.Lines;

/// <summary>Lines of LazySimpleSerDe: no quotes, one separator for each level, missing columns and what does not fit its type are null, more columns are ignored.</summary>
/// <param name="separators">Signs with a meaning.</param>
/// <param name="wanted">The wanted columns.</param>
internal sealed class SimpleLineDecoder(Separators separators, IReadOnlyList<LineColumn> wanted) : ILineDecoder
{
    private readonly LineColumn[] _wanted = [.. wanted.OrderBy(w => w.Position)];

    /// <inheritdoc/>
    public void Decode(ReadOnlySpan<byte> line, DuckDbChunkWriter output, int row)
    {
        int position = 0;
        bool isOver = false;
        foreach (var column in _wanted)
        {
            for (; position < column.Position && !isOver; position++)
                isOver = !Next(ref line);
            column.Write(output, row, isOver ? null : Value(column.Type, column.Field.Type, line[..separators.EndOfPart(line, separators.Levels[0])], 1));
        }
    }

    private bool Next(ref ReadOnlySpan<byte> rest)
    {
        int end = separators.EndOfPart(rest, separators.Levels[0]);
        if (end == rest.Length)
            return false;
        rest = rest[(end + 1)..];
        return true;
    }

    private object? Value(HiveType type, IcebergType target, ReadOnlySpan<byte> raw, int level) => raw.SequenceEqual(separators.Null) ? null : (type.Name, target) switch
    {
        ("array", ListType list) => List(type.Children[0].Type, list.Element.Type, raw, level),
        ("map", MapType map) => Map(type, map, raw, level),
        ("struct", StructType record) => Struct(type, record, raw, level),
        _ => HiveText.Value(type, target, LineColumn.Text(Unescaped(raw))),
    };

    private object?[] List(HiveType type, IcebergType target, ReadOnlySpan<byte> raw, int level)
    {
        var items = new List<object?>();
        foreach (var part in Parts(raw, level))
            items.Add(Value(type, target, raw[part], level + 1));
        return [.. items];
    }

    private object?[] Struct(HiveType type, StructType target, ReadOnlySpan<byte> raw, int level)
    {
        object?[] fields = new object?[target.Fields.Count];
        foreach (var (i, part) in (raw.IsEmpty ? [default] : Parts(raw, level)).Take(fields.Length).Index())
            fields[i] = Value(type.Children[i].Type, target.Fields[i].Type, raw[part], level + 1);
        return fields;
    }

    // Of equal keys the first counts, and an entry whose key is null is none.
    private object?[] Map(HiveType type, MapType target, ReadOnlySpan<byte> raw, int level)
    {
        var entries = new List<object?[]>();
        foreach (var part in Parts(raw, level))
        {
            var entry = raw[part];
            int end = separators.EndOfPart(entry, Separator(level + 1));
            object? key = Value(type.Children[0].Type, target.Key.Type, entry[..end], level + 2);
            if (key is null || entries.Exists(e => LiteralValue.AreEqual(e[0], key)))
                continue;
            entries.Add([key, end == entry.Length ? null : Value(type.Children[1].Type, target.Value.Type, entry[(end + 1)..], level + 2)]);
        }

        return [.. entries];
    }

    private List<Range> Parts(ReadOnlySpan<byte> raw, int level)
    {
        var parts = new List<Range>();
        for (int start = 0; !raw.IsEmpty && start <= raw.Length;)
        {
            int end = start + separators.EndOfPart(raw[start..], Separator(level));
            parts.Add(start..end);
            start = end + 1;
        }

        return parts;
    }

    private byte Separator(int level) => level < separators.Levels.Length
        ? separators.Levels[level]
        : throw TarnException.Unsupported($"its columns are nested more than {separators.Levels.Length} levels deep, for which there are no separators");

    private ReadOnlySpan<byte> Unescaped(ReadOnlySpan<byte> raw)
    {
        if (separators.Escape is not { } escape || !raw.Contains(escape))
            return raw;
        byte[] plain = new byte[raw.Length];
        int length = 0;
        for (int i = 0; i < raw.Length; i++)
        {
            // LazyUtils.copyAndEscapeStringDataToText: r and n are ends of lines, which cannot stand for themselves.
            bool isEscaped = raw[i] == escape && i + 1 < raw.Length;
            plain[length++] = !isEscaped ? raw[i] : raw[++i] switch { (byte)'r' => (byte)'\r', (byte)'n' => (byte)'\n', var sign => sign };
        }

        return plain.AsSpan(0, length);
    }
}
