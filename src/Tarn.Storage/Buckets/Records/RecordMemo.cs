using System.Collections.Immutable;

namespace Tarn.Storage.Buckets.Records;

/// <summary>The last headers that were read, for listings: objects beside each other mostly have the same.</summary>
internal sealed class RecordMemo
{
    private byte[] _bytes = [];
    private ImmutableSortedDictionary<string, string>? _pairs;

    /// <summary>The pairs that were made of the same bytes; null when others were.</summary>
    public ImmutableSortedDictionary<string, string>? Recall(ReadOnlySpan<byte> bytes) => bytes.SequenceEqual(_bytes) ? _pairs : null;

    public void Keep(ReadOnlySpan<byte> bytes, ImmutableSortedDictionary<string, string> pairs) => (_bytes, _pairs) = (bytes.ToArray(), pairs);
}
