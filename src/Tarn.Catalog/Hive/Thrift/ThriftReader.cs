using System.Buffers.Binary;
using System.Text;

namespace Tarn.Catalog.Hive.Thrift;

/// <summary>Decodes a whole message, as <see cref="MessageScanner"/> found it. Checks again what it relies on, so that it is safe alone.</summary>
internal ref struct ThriftReader
{
    private readonly ThriftLimits _limits;
    private ReadOnlySpan<byte> _rest;
    private int _depth, _elements;

    private ThriftReader(ReadOnlySpan<byte> message, ThriftLimits limits)
    {
        _rest = message;
        _limits = limits;
    }

    /// <summary>Reads a message.</summary>
    /// <param name="message">Exactly its bytes.</param>
    /// <param name="limits">The limits.</param>
    /// <exception cref="ThriftFormatException">It is no message, or there are bytes left over.</exception>
    public static ThriftMessage Read(ReadOnlySpan<byte> message, ThriftLimits limits)
    {
        var reader = new ThriftReader(message, limits);
        var read = reader.ReadMessage();
        return reader._rest.IsEmpty ? read : throw new ThriftFormatException($"{reader._rest.Length} bytes follow on the message '{read.Name}'.");
    }

    private ThriftMessage ReadMessage()
    {
        int word = ReadInt();
        if (word >= 0)
        {
            string plainName = Decode(Take(word));
            byte plainKind = Take(1)[0];
            return new ThriftMessage(Kind(plainKind), plainName, ReadInt(), IsStrict: false, ReadStruct());
        }

        if (((uint)word & MessageScanner.VersionMask) != MessageScanner.Version1)
            throw new ThriftFormatException($"The first word is 0x{word:X8}: not version 1 of the binary protocol.");
        string name = Decode(Take(ReadLength()));
        return new ThriftMessage(Kind((byte)word), name, ReadInt(), IsStrict: true, ReadStruct());
    }

    private ThriftStruct ReadStruct()
    {
        Enter();
        var read = new ThriftStruct();
        while (true)
        {
            var type = (ThriftType)Take(1)[0];
            if (type == ThriftType.Stop)
                break;
            Count(1);
            short id = BinaryPrimitives.ReadInt16BigEndian(Take(2));
            read.With(id, ReadValue(type));
        }

        _depth--;
        return read;
    }

    private ThriftValue ReadValue(ThriftType type) => type switch
    {
        ThriftType.Bool => Take(1)[0] != 0,
        ThriftType.Byte => ThriftValue.OfBits(type, (sbyte)Take(1)[0]),
        ThriftType.I16 => ThriftValue.OfBits(type, BinaryPrimitives.ReadInt16BigEndian(Take(2))),
        ThriftType.I32 => ReadInt(),
        ThriftType.I64 or ThriftType.Double => ThriftValue.OfBits(type, BinaryPrimitives.ReadInt64BigEndian(Take(8))),
        ThriftType.String => Decode(Take(ReadLength())),
        ThriftType.Struct => ReadStruct(),
        ThriftType.List => ReadList(isSet: false),
        ThriftType.Set => ReadList(isSet: true),
        ThriftType.Map => ReadMap(),
        _ => throw new ThriftFormatException($"There is no type {(byte)type} in the binary protocol."),
    };

    private ThriftList ReadList(bool isSet)
    {
        Enter();
        var element = (ThriftType)Take(1)[0];
        int count = ReadCount();
        var items = count == 0 ? [] : new ThriftValue[count];
        for (int i = 0; i < count; i++)
            items[i] = ReadValue(element);
        _depth--;
        return new ThriftList(element, items, isSet);
    }

    private ThriftMap ReadMap()
    {
        Enter();
        var (key, value) = ((ThriftType)Take(1)[0], (ThriftType)Take(1)[0]);
        int count = ReadCount();
        var pairs = count == 0 ? [] : new KeyValuePair<ThriftValue, ThriftValue>[count];
        for (int i = 0; i < count; i++)
        {
            var read = ReadValue(key);
            pairs[i] = KeyValuePair.Create(read, ReadValue(value));
        }

        _depth--;
        return new ThriftMap(key, value, pairs);
    }

    // Every element has at least one byte, so a count beyond the rest is wrong before anything is allocated for it.
    private int ReadCount()
    {
        int count = ReadInt();
        if (count < 0 || count > _rest.Length)
            throw new ThriftFormatException($"A list or map has {count} elements, and {_rest.Length} bytes follow.");
        Count(count);
        return count;
    }

    private void Count(int elements)
    {
        if (elements > _limits.MaxElements - _elements)
            throw new ThriftFormatException($"The message has more than {_limits.MaxElements} elements in its lists, maps and structs.");
        _elements += elements;
    }

    private int ReadLength()
    {
        int length = ReadInt();
        return length >= 0 ? length : throw new ThriftFormatException($"A length is {length}.");
    }

    private int ReadInt() => BinaryPrimitives.ReadInt32BigEndian(Take(4));

    private ReadOnlySpan<byte> Take(int bytes)
    {
        if (bytes > _rest.Length)
            throw new ThriftFormatException($"The message ends within a value: {bytes} bytes are needed and {_rest.Length} are there.");
        var taken = _rest[..bytes];
        _rest = _rest[bytes..];
        return taken;
    }

    private void Enter()
    {
        if (++_depth > _limits.MaxDepth)
            throw new ThriftFormatException($"The message has more than {_limits.MaxDepth} structs and lists inside each other.");
    }

    private static string Decode(ReadOnlySpan<byte> utf8) => Encoding.UTF8.GetString(utf8);

    private static ThriftMessageKind Kind(byte kind) => kind is >= 1 and <= 4
        ? (ThriftMessageKind)kind
        : throw new ThriftFormatException($"There is no kind {kind} of message.");
}
