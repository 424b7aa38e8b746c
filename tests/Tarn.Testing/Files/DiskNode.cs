namespace Tarn.Testing.Files;

/// <summary>A file or folder of the simulated disk, in two states: as programs see it, and as it is certain to survive.</summary>
internal abstract class DiskNode
{
    public DateTimeOffset LastModified { get; protected set; }

    /// <summary>What is left of it after a power cut.</summary>
    public abstract DiskNode AfterCut(Survival survival);
}

internal sealed class DiskFolder : DiskNode
{
    private readonly Dictionary<string, DiskNode> _entries = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DiskNode> _durable = new(StringComparer.Ordinal);
    private readonly List<NameChange> _pending = [];

    public IReadOnlyDictionary<string, DiskNode> Entries => _entries;

    public void Add(string name, DiskNode node) => Change(new NameChange(null, name, node));

    public void Remove(string name) => Change(new NameChange(name, null, null));

    /// <summary>A rename inside one folder is one change: both names change, or none.</summary>
    public void Rename(string from, string to) => Change(new NameChange(from, to, _entries[from]));

    public void Sync()
    {
        foreach (var change in _pending)
            change.ApplyTo(_durable);
        _pending.Clear();
    }

    public override DiskNode AfterCut(Survival survival)
    {
        var names = new Dictionary<string, DiskNode>(_durable, StringComparer.Ordinal);
        foreach (var change in survival.Choose(_pending))
            change.ApplyTo(names);
        var left = new DiskFolder();
        foreach (var (name, node) in names)
            left._entries[name] = left._durable[name] = node.AfterCut(survival);
        return left;
    }

    private void Change(NameChange change)
    {
        change.ApplyTo(_entries);
        _pending.Add(change);
    }

    private sealed record NameChange(string? Removed, string? Added, DiskNode? Node)
    {
        public void ApplyTo(Dictionary<string, DiskNode> names)
        {
            if (Removed is not null)
                names.Remove(Removed);
            if (Added is not null)
                names[Added] = Node!;
        }
    }
}

internal sealed class DiskFile : DiskNode
{
    private const int SectorBytes = 512;
    private readonly List<byte> _content = [], _durable = [];
    private readonly List<Write> _pending = [];

    public int LengthBytes => _content.Count;

    public int Read(Span<byte> buffer, long offset)
    {
        int count = (int)Math.Clamp(_content.Count - offset, 0, buffer.Length);
        for (int i = 0; i < count; i++)
            buffer[i] = _content[(int)offset + i];
        return count;
    }

    public void WriteAt(ReadOnlySpan<byte> content, long offset)
    {
        var write = new Write((int)offset, content.ToArray(), null);
        write.ApplyTo(_content);
        _pending.Add(write);
    }

    public void Truncate(int lengthBytes)
    {
        var write = new Write(0, [], lengthBytes);
        write.ApplyTo(_content);
        _pending.Add(write);
    }

    public void Sync()
    {
        foreach (var write in _pending)
            write.ApplyTo(_durable);
        _pending.Clear();
    }

    public override DiskNode AfterCut(Survival survival)
    {
        var left = new DiskFile();
        left._content.AddRange(_durable);
        foreach (var write in survival.Choose(_pending))
        {
            foreach (var piece in survival.Tears ? survival.Choose(write.Split(SectorBytes)) : [write])
                piece.ApplyTo(left._content);
        }

        if (survival.Tears && survival.Flip())
            left.GrowTo(_content.Count, survival); // length recorded, bytes never written
        left._durable.AddRange(left._content);
        return left;
    }

    private void GrowTo(int lengthBytes, Survival survival)
    {
        while (_content.Count < lengthBytes)
            _content.Add(survival.Filler());
    }

    private sealed record Write(int Offset, byte[] Content, int? NewLength)
    {
        public void ApplyTo(List<byte> bytes)
        {
            int end = NewLength ?? Math.Max(bytes.Count, Offset + Content.Length);
            if (bytes.Count > end)
                bytes.RemoveRange(end, bytes.Count - end);
            while (bytes.Count < end)
                bytes.Add(0);
            for (int i = 0; i < Content.Length; i++)
                bytes[Offset + i] = Content[i];
        }

        // Pieces end where sectors end, because a disk writes sectors whole.
        public IReadOnlyList<Write> Split(int sectorBytes)
        {
            if (NewLength is not null)
                return [this];
            var pieces = new List<Write>();
            for (int at = 0; at < Content.Length;)
            {
                int length = Math.Min(sectorBytes - ((Offset + at) % sectorBytes), Content.Length - at);
                pieces.Add(new Write(Offset + at, Content[at..(at + length)], null));
                at += length;
            }

            return pieces;
        }
    }
}
