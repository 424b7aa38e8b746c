using System.Text;
using Tarn.Terminal.Keys;

namespace Tarn.Tests.Fakes;

/// <summary>Keys of a terminal on which all of a text was typed and which then hangs up.</summary>
internal sealed class TypedKeys(string typed, bool comesAtOnce = false) : IKeySource
{
    private const byte CtrlC = 3;

    private readonly Queue<byte> _bytes = new(Encoding.UTF8.GetBytes(typed));

    public bool IsPending => comesAtOnce && _bytes.Count > 0;

    public bool IsTyping { get; private set; }

    public void StartTyping() => IsTyping = true;

    public void StopTyping() => IsTyping = false;

    public Key Read(CancellationToken cancellationToken) => new KeyDecoder(() => _bytes.TryDequeue(out byte b) ? b : -1, () => _bytes.Count > 0).Read();

    public bool TakeInterrupt()
    {
        if (!_bytes.Contains(CtrlC))
            return false;
        while (_bytes.Dequeue() != CtrlC)
            continue;
        return true;
    }

    public void Discard() => _bytes.Clear();

    public void Dispose()
    {
    }
}
