using Tarn.Storage.Buckets.Index;
using Tarn.Storage.Buckets.Keys;

namespace Tarn.Storage.Buckets;

/// <summary>Walks the index entries of keys with a prefix, and knows which of them roll up to a common prefix.</summary>
/// <param name="cursor">Disposed with the walk.</param>
/// <param name="start">What all index keys of the bucket's objects, or uploads, begin with.</param>
/// <param name="prefix">Keys must begin so.</param>
/// <param name="delimiter">Empty for no rolling up.</param>
internal sealed class KeyWalk(IndexCursor cursor, byte[] start, byte[] prefix, byte[] delimiter) : IDisposable
{
    // Entries to step over one by one before a search is quicker.
    private const int StepsBeforeSeek = 8;

    private readonly byte[] _from = [.. start, .. IndexKeys.EscapeKey(prefix)];
    private byte[] _key = new byte[BucketLimits.KeyBytes * 2], _left = [];
    private int _keyLength, _restLength;

    public ReadOnlySpan<byte> Key => _key.AsSpan(0, _keyLength);

    /// <summary>What stands behind the key: the version's number, or the upload's id.</summary>
    public ReadOnlySpan<byte> Rest => cursor.Key[^_restLength..];

    public ReadOnlySpan<byte> Value => cursor.Value;

    /// <summary>Length of the common prefix that the key belongs to; 0 when to none.</summary>
    public int CommonPrefixLength => CommonPrefixOf(Key);

    public bool SeekFirst() => Stand(cursor.Seek(_from));

    /// <summary>Goes behind all entries of a key, and behind the common prefix it belongs to.</summary>
    public bool SeekBehindKey(byte[] key)
    {
        int common = key.AsSpan().StartsWith(prefix) ? CommonPrefixOf(key) : 0;
        return Seek(common > 0
            ? IndexKeys.After([.. start, .. IndexKeys.EscapeKey(key.AsSpan(0, common))])
            : IndexKeys.After([.. start, .. IndexKeys.EscapeKey(key), .. IndexKeys.KeyEnd]));
    }

    /// <summary>Goes behind one entry of a key.</summary>
    public bool SeekBehindEntry(byte[] key, ReadOnlySpan<byte> rest)
    {
        byte[] entry = [.. start, .. IndexKeys.EscapeKey(key), .. IndexKeys.KeyEnd, .. rest];
        bool isThere = Seek(entry);
        return isThere && cursor.Key.SequenceEqual(entry) ? MoveNext() : isThere;
    }

    public bool MoveNext() => Stand(cursor.MoveNext());

    /// <summary>Goes behind the remaining entries of the key.</summary>
    public bool MoveNextKey()
    {
        int length = _keyLength;
        if (_left.Length < length)
            _left = new byte[_key.Length];
        Key.CopyTo(_left);
        for (int step = 0; step < StepsBeforeSeek; step++)
        {
            if (!MoveNext())
                return false;
            if (!Key.SequenceEqual(_left.AsSpan(0, length)))
                return true;
        }

        return Seek(IndexKeys.After([.. start, .. IndexKeys.EscapeKey(_left.AsSpan(0, length)), .. IndexKeys.KeyEnd]));
    }

    /// <summary>Goes behind all keys of the common prefix.</summary>
    public bool MoveBehindCommonPrefix() => Seek(IndexKeys.After([.. start, .. IndexKeys.EscapeKey(Key[..CommonPrefixLength])]));

    public void Dispose() => cursor.Dispose();

    private int CommonPrefixOf(ReadOnlySpan<byte> key)
    {
        if (delimiter.Length == 0)
            return 0;
        int at = key[prefix.Length..].IndexOf(delimiter);
        return at < 0 ? 0 : prefix.Length + at + delimiter.Length;
    }

    private bool Seek(byte[] target) => Stand(cursor.Seek(target.AsSpan().SequenceCompareTo(_from) > 0 ? target : _from));

    private bool Stand(bool isThere)
    {
        if (!isThere || !cursor.Key.StartsWith(_from))
            return false;
        if (_key.Length < cursor.Key.Length)
            _key = new byte[cursor.Key.Length];
        _keyLength = IndexKeys.ReadKey(cursor.Key, start.Length, _key, out var rest);
        _restLength = rest.Length;
        return true;
    }
}
