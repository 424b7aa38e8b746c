using System.Collections.Immutable;
using System.Text;
using Tarn.Core.Errors;
using Tarn.Storage.Buckets.Index;

namespace Tarn.Storage.Buckets.Records;

/// <summary>Reads the fields that <see cref="RecordWriter"/> wrote.</summary>
internal ref struct RecordReader(ReadOnlySpan<byte> source)
{
    private readonly ReadOnlySpan<byte> _source = source;
    private int _at;

    public ulong Number() => VarInt.Read(_source, ref _at);

    public long Signed() => VarInt.ReadSigned(_source, ref _at);

    public DateTimeOffset Time() => new((long)Number(), TimeSpan.Zero);

    public string Text()
    {
        int length = (int)Number();
        if (length == 0)
            return "";
        string text = Encoding.UTF8.GetString(_source.Slice(_at, length));
        _at += length;
        return text;
    }

    /// <summary>As <see cref="Pairs(ImmutableSortedDictionary{string, string})"/>, made once for records that follow each other with the same ones.</summary>
    public ImmutableSortedDictionary<string, string> Pairs(ImmutableSortedDictionary<string, string> none, RecordMemo? memo)
    {
        if (memo is null)
            return Pairs(none);
        int start = _at;
        Skip();
        return memo.Recall(_source[start.._at]) ?? Make(start, none, memo);
    }

    private ImmutableSortedDictionary<string, string> Make(int start, ImmutableSortedDictionary<string, string> none, RecordMemo memo)
    {
        _at = start;
        var pairs = Pairs(none);
        memo.Keep(_source[start.._at], pairs);
        return pairs;
    }

    private void Skip()
    {
        for (ulong left = Number() * 2; left > 0; left--)
        {
            int length = (int)Number();
            _at += length;
        }
    }

    public ImmutableSortedDictionary<string, string> Pairs(ImmutableSortedDictionary<string, string> none)
    {
        int count = (int)Number();
        if (count == 0)
            return none;
        var pairs = none.ToBuilder();
        for (int i = 0; i < count; i++)
        {
            string name = Text();
            pairs[name] = Text();
        }

        return pairs.ToImmutable();
    }

    public ImmutableArray<ObjectChecksum> Checksums()
    {
        int count = (int)Number();
        if (count == 0)
            return [];
        var checksums = ImmutableArray.CreateBuilder<ObjectChecksum>(count);
        for (int i = 0; i < count; i++)
        {
            ulong kind = Number();
            checksums.Add(new ObjectChecksum((ChecksumAlgorithm)(kind / 2), Text(), kind % 2 == 1));
        }

        return checksums.MoveToImmutable();
    }

    public ObjectRetention? Retention()
    {
        ulong mode = Number();
        return mode == 0 ? null : new ObjectRetention((RetentionMode)(mode - 1), Time());
    }

    /// <summary>Reads the number that every record begins with.</summary>
    /// <exception cref="TarnException">Unsupported for a newer one.</exception>
    public void RequireFormat(ulong format)
    {
        ulong found = Number();
        if (found > format)
            throw TarnException.Unsupported($"The object index holds a record of format {found}, and this program knows formats up to {format}; run the newer Tarn that wrote it.");
    }
}
