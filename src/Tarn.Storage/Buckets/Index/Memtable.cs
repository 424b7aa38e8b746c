namespace Tarn.Storage.Buckets.Index;

/// <summary>
/// The newest changes, sorted: a skip list (Pugh 1990). Writers take turns; readers need no lock, because a node is complete before it is linked and
/// nodes are never unlinked.
/// </summary>
internal sealed class Memtable
{
    private const int MaxHeight = 16;

    // Objects and references of a node, roughly: what counts besides its bytes.
    private const int NodeBytes = 120;

    private readonly Node _head = new([], null, MaxHeight);
    private readonly Lock _gate = new();
    private uint _random = 0x9E3779B9;
    private long _sizeBytes;

    public long SizeBytes => Volatile.Read(ref _sizeBytes);

    public bool IsEmpty => _head.Next(0) is null;

    public void Set(byte[] key, byte[]? value)
    {
        lock (_gate)
        {
            var path = new Node[MaxHeight];
            var present = FindWithPath(key, path);
            if (present is not null)
            {
                _sizeBytes += (value?.Length ?? 0) - (present.Value?.Length ?? 0);
                present.Value = value;
                return;
            }

            int height = NextHeight();
            var node = new Node(key, value, height);
            for (int level = 0; level < height; level++)
                node.Link(level, path[level].Next(level));
            for (int level = 0; level < height; level++)
                path[level].Link(level, node);
            _sizeBytes += key.Length + (value?.Length ?? 0) + NodeBytes;
        }
    }

    /// <summary>Whether there is an entry; its value is null when the key was removed.</summary>
    public bool TryGet(ReadOnlySpan<byte> key, out byte[]? value)
    {
        var node = FirstNotLess(key);
        bool isFound = node is not null && key.SequenceEqual(node.Key);
        value = isFound ? node!.Value : null;
        return isFound;
    }

    public IndexCursor Open() => new Cursor(this);

    private Node? FirstNotLess(ReadOnlySpan<byte> key)
    {
        var node = _head;
        Node? next = null;
        for (int level = MaxHeight - 1; level >= 0; level--)
        {
            for (next = node.Next(level); next is not null && next.Key.AsSpan().SequenceCompareTo(key) < 0; next = node.Next(level))
                node = next;
        }

        // The one that was compared with the key: reading the link again could give a lesser one that was inserted meanwhile.
        return next;
    }

    private Node? FindWithPath(byte[] key, Node[] path)
    {
        var node = _head;
        for (int level = MaxHeight - 1; level >= 0; level--)
        {
            while (node.Next(level) is { } next && next.Key.AsSpan().SequenceCompareTo(key) < 0)
                node = next;
            path[level] = node;
        }

        return node.Next(0) is { } found && found.Key.AsSpan().SequenceEqual(key) ? found : null;
    }

    // Each level holds a quarter of the one below (xorshift32, Marsaglia 2003; balance needs no better randomness).
    private int NextHeight()
    {
        _random ^= _random << 13;
        _random ^= _random >> 17;
        _random ^= _random << 5;
        int height = 1;
        for (uint bits = _random; height < MaxHeight && (bits & 3) == 0; bits >>= 2)
            height++;
        return height;
    }

    private sealed class Node(byte[] key, byte[]? value, int height)
    {
        private readonly Node?[] _next = new Node?[height];
        private byte[]? _value = value;

        public byte[] Key { get; } = key;

        public byte[]? Value
        {
            get => Volatile.Read(ref _value);
            set => Volatile.Write(ref _value, value);
        }

        public Node? Next(int level) => Volatile.Read(ref _next[level]);

        public void Link(int level, Node? node) => Volatile.Write(ref _next[level], node);
    }

    private sealed class Cursor(Memtable table) : IndexCursor
    {
        private Node? _node;
        private byte[]? _value;

        public override ReadOnlySpan<byte> Key => _node!.Key;

        public override ReadOnlySpan<byte> Value => _value;

        public override bool IsRemoved => _value is null;

        public override bool Seek(ReadOnlySpan<byte> key)
        {
            while (!TryStand(table.FirstNotLess(key)) && table.FirstNotLess(key) != _node)
            {
            }

            return _node is not null;
        }

        public override bool MoveNext()
        {
            var from = _node;
            while (!TryStand(from?.Next(0)) && from!.Next(0) != _node)
            {
            }

            return _node is not null;
        }

        /// <summary>
        /// False when the entry was removed, and it must be looked again whether it is still the next one: what replaces an entry is inserted before it and
        /// before it is removed, perhaps since the link that led here was read.
        /// </summary>
        private bool TryStand(Node? node)
        {
            _node = node;
            _value = node?.Value;
            return node is null || _value is not null;
        }
    }
}
