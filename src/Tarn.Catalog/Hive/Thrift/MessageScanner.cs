using System.Buffers;

namespace Tarn.Catalog.Hive.Thrift;

/// <summary>
/// Finds the end of a message. The binary protocol without frames says nowhere how long a message is, so its structure is walked, once, as far as
/// bytes have arrived. All limits are checked here, before anything is decoded.
/// </summary>
/// <param name="limits">The limits.</param>
internal sealed class MessageScanner(ThriftLimits limits)
{
    // Upper half of the first word of a strict message: version 1.
    internal const uint VersionMask = 0xFFFF0000, Version1 = 0x80010000;

    private readonly Stack<Container> _open = new();
    private Stage _stage = Stage.Word;
    private ThriftType _pending = ThriftType.Stop;
    private bool _isStrict;
    private long _skip, _length;
    private int _elements;

    private enum Stage
    {
        Word,
        Name,
        Tail,
        Body,
    }

    /// <summary>Walks on.</summary>
    /// <param name="bytes">What follows on what was walked before.</param>
    /// <returns>Whether the message ends within <paramref name="bytes"/>: the reader then stands behind it, and the scanner at the start of the next.</returns>
    /// <exception cref="ThriftFormatException">It is no message, or too large a one.</exception>
    public bool Advance(ref SequenceReader<byte> bytes)
    {
        long before = bytes.Consumed;
        bool isWhole = Walk(ref bytes);
        _length += bytes.Consumed - before;
        if (_length > limits.MaxMessageBytes)
            throw new ThriftFormatException($"The message is longer than {limits.MaxMessageBytes} bytes.");
        if (isWhole)
            (_stage, _length, _elements) = (Stage.Word, 0, 0);
        return isWhole;
    }

    private bool Walk(ref SequenceReader<byte> bytes)
    {
        while (true)
        {
            if (!Skip(ref bytes))
                return false;
            switch (_stage)
            {
                case Stage.Body when _pending != ThriftType.Stop:
                    if (!OpenPending(ref bytes))
                        return false;
                    break;
                case Stage.Body:
                    if (_open.Count == 0)
                        return true;
                    if (!Next(ref bytes))
                        return false;
                    break;
                default:
                    if (!Head(ref bytes))
                        return false;
                    break;
            }
        }
    }

    private bool Skip(ref SequenceReader<byte> bytes)
    {
        long now = Math.Min(_skip, bytes.Remaining);
        bytes.Advance(now);
        _skip -= now;
        return _skip == 0;
    }

    // Strict: version and kind, name, number. Otherwise: name, kind, number.
    private bool Head(ref SequenceReader<byte> bytes)
    {
        if (_stage == Stage.Tail)
        {
            _skip = _isStrict ? 4 : 5;
            _stage = Stage.Body;
            Open(ThriftType.Struct, 0, ThriftType.Stop, ThriftType.Stop);
            return true;
        }

        if (!bytes.TryReadBigEndian(out int word))
            return false;
        if (_stage == Stage.Word && word < 0)
        {
            if (((uint)word & VersionMask) != Version1)
                throw new ThriftFormatException($"The first word is 0x{word:X8}: not version 1 of the binary protocol. Use TBinaryProtocol without frames.");
            (_isStrict, _stage) = (true, Stage.Name);
            return true;
        }

        if (_stage == Stage.Word)
            _isStrict = false;
        if (word < 0 || word > limits.MaxNameBytes)
            throw new ThriftFormatException($"The name of the call has {word} bytes; at most {limits.MaxNameBytes} are allowed. Use TBinaryProtocol without frames.");
        (_skip, _stage) = (word, Stage.Tail);
        return true;
    }

    private bool Next(ref SequenceReader<byte> bytes)
    {
        var top = _open.Pop();
        if (top.Type != ThriftType.Struct)
        {
            if (top.Remaining == 0)
                return true;
            bool isKey = top.Type == ThriftType.Map && top.Remaining % 2 == 0;
            _open.Push(top with { Remaining = top.Remaining - 1 });
            Begin(isKey ? top.First : top.Second);
            return true;
        }

        if (!bytes.TryPeek(out byte type))
        {
            _open.Push(top);
            return false;
        }

        if (type == (byte)ThriftType.Stop)
        {
            bytes.Advance(1);
            return true;
        }

        _open.Push(top);
        if (bytes.Remaining < 3)
            return false;
        bytes.Advance(3);
        Count(1);
        Begin((ThriftType)type);
        return true;
    }

    private void Begin(ThriftType type)
    {
        if (!ThriftSizes.IsValue(type))
            throw new ThriftFormatException($"There is no type {(byte)type} in the binary protocol.");
        if (type == ThriftType.Struct)
            Open(type, 0, ThriftType.Stop, ThriftType.Stop);
        else if (ThriftSizes.FixedBytes(type) is > 0 and var size)
            _skip = size;
        else
            _pending = type;
    }

    private bool OpenPending(ref SequenceReader<byte> bytes)
    {
        int headBytes = _pending switch { ThriftType.String => 4, ThriftType.Map => 6, _ => 5 };
        if (bytes.Remaining < headBytes)
            return false;
        var first = _pending == ThriftType.Map ? ReadType(ref bytes) : ThriftType.Stop;
        var second = _pending == ThriftType.String ? ThriftType.Stop : ReadType(ref bytes);
        bytes.TryReadBigEndian(out int count);
        if (count < 0)
            throw new ThriftFormatException($"A length is {count}.");
        if (_pending == ThriftType.String)
            _skip = count;
        else
            OpenElements(_pending, count, first, second);
        _pending = ThriftType.Stop;
        return _skip <= limits.MaxMessageBytes ? true : throw new ThriftFormatException($"A text has {_skip} bytes; a message may have {limits.MaxMessageBytes}.");
    }

    private void OpenElements(ThriftType type, int count, ThriftType first, ThriftType second)
    {
        Count(count);
        // An empty container may name any type: some writers put zeros.
        if (count > 0)
            Open(type, type == ThriftType.Map ? count * 2 : count, first, second);
    }

    private void Count(int elements)
    {
        if (elements > limits.MaxElements - _elements)
            throw new ThriftFormatException($"The message has more than {limits.MaxElements} elements in its lists, maps and structs.");
        _elements += elements;
    }

    private void Open(ThriftType type, int remaining, ThriftType first, ThriftType second)
    {
        if (_open.Count >= limits.MaxDepth)
            throw new ThriftFormatException($"The message has more than {limits.MaxDepth} structs and lists inside each other.");
        _open.Push(new Container(type, remaining, first, second));
    }

    private static ThriftType ReadType(ref SequenceReader<byte> bytes)
    {
        bytes.TryRead(out byte type);
        return (ThriftType)type;
    }

    private readonly record struct Container(ThriftType Type, int Remaining, ThriftType First, ThriftType Second);
}
