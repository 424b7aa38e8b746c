using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using Tarn.Storage.Buckets.Index;

namespace Tarn.Storage.Buckets.Records;

/// <summary>Writes the fields that records are made of.</summary>
internal sealed class RecordWriter
{
    private readonly ArrayBufferWriter<byte> _buffer = new();

    public byte[] ToArray() => _buffer.WrittenSpan.ToArray();

    public void Number(ulong value) => VarInt.Write(_buffer, value);

    public void Signed(long value) => VarInt.WriteSigned(_buffer, value);

    public void Time(DateTimeOffset time) => Number((ulong)time.UtcTicks);

    public void Text(string text)
    {
        int length = Encoding.UTF8.GetByteCount(text);
        Number((ulong)length);
        _buffer.Advance(Encoding.UTF8.GetBytes(text, _buffer.GetSpan(length)));
    }

    public void Pairs(ImmutableSortedDictionary<string, string> pairs)
    {
        Number((ulong)pairs.Count);
        foreach (var (name, value) in pairs)
        {
            Text(name);
            Text(value);
        }
    }

    public void Checksums(ImmutableArray<ObjectChecksum> checksums)
    {
        Number((ulong)checksums.Length);
        foreach (var checksum in checksums)
        {
            Number((ulong)checksum.Algorithm * 2 + (checksum.IsComposite ? 1UL : 0));
            Text(checksum.Value);
        }
    }

    public void Retention(ObjectRetention? retention)
    {
        Number(retention is null ? 0 : (ulong)retention.Mode + 1);
        if (retention is not null)
            Time(retention.RetainUntil);
    }
}
