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

    public void Add(string name, DiskNode node) => Change(new NameChange(null, name, node, null));

    public void Remove(string name) => Change(new NameChange(name, null, null, null));

    /// <summary>A rename inside one folder is one change: both names change, or none.</summary>
    public void Rename(string from, string to) => Change(new NameChange(from, to, _entries[from], null));

    /// <summary>
    /// A rename into another folder: the old name goes only together with the new one's coming, as every file system with a journal guarantees. The file
    /// may be left under both names, never under none.
    /// </summary>
    public void MoveTo(DiskFolder target, string from, string to)
    {
        var arrival = new NameChange(null, to, _entries[from], null);
        target.Change(arrival);
        Change(new NameChange(from, null, null, new Arrival(target, arrival)));
    }

    public void Sync() => SyncThrough(null);

    public override DiskNode AfterCut(Survival survival)
    {
        var names = new Dictionary<string, DiskNode>(_durable, StringComparer.Ordinal);
        foreach (var change in Chosen(survival).Where(c => c.Needs is not { } needed || needed.Folder.Keeps(needed.Change, survival)))
            change.ApplyTo(names);
        var left = new DiskFolder();
        foreach (var (name, node) in names)
            left._entries[name] = left._durable[name] = node.AfterCut(survival);
        return left;
    }

    private void SyncThrough(NameChange? last)
    {
        if (last is not null && !_pending.Contains(last))
            return;
        while (_pending.Count > 0)
        {
            var change = _pending[0];
            _pending.RemoveAt(0);
            change.Needs?.Folder.SyncThrough(change.Needs.Change);
            change.ApplyTo(_durable);
            if (ReferenceEquals(change, last))
                return;
        }
    }

    private bool Keeps(NameChange change, Survival survival) => !_pending.Contains(change) || Chosen(survival).Contains(change);

    private IReadOnlyList<NameChange> Chosen(Survival survival) => survival.ChooseOnce(this, _pending);

    private void Change(NameChange change)
    {
        change.ApplyTo(_entries);
        _pending.Add(change);
    }

    private sealed record Arrival(DiskFolder Folder, NameChange Change);

    private sealed class NameChange(string? removed, string? added, DiskNode? node, Arrival? needs)
    {
        /// <summary>The change in another folder without which this one does not happen.</summary>
        public Arrival? Needs => needs;

        public void ApplyTo(Dictionary<string, DiskNode> names)
        {
            if (removed is not null)
                names.Remove(removed);
            if (added is not null)
                names[added] = node!;
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
