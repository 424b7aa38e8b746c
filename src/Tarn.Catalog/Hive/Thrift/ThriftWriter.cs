using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Tarn.Catalog.Hive.Thrift;

/// <summary>Encodes messages.</summary>
/// <param name="target">Where the bytes go.</param>
internal readonly ref struct ThriftWriter(IBufferWriter<byte> target)
{
    /// <summary>Writes a message.</summary>
    public void Write(ThriftMessage message)
    {
        if (message.IsStrict)
            WriteInt(unchecked((int)(MessageScanner.Version1 | (uint)message.Kind)));
        WriteText(message.Name);
        if (!message.IsStrict)
            WriteByte((byte)message.Kind);
        WriteInt(message.SequenceId);
        WriteStruct(message.Body);
    }

    private void WriteStruct(ThriftStruct value)
    {
        foreach (var (id, field) in value.Fields)
        {
            WriteByte((byte)field.Type);
            BinaryPrimitives.WriteInt16BigEndian(target.GetSpan(2), id);
            target.Advance(2);
            WriteValue(field);
        }

        WriteByte((byte)ThriftType.Stop);
    }

    private void WriteValue(ThriftValue value)
    {
        switch (value.Type)
        {
            case ThriftType.Bool or ThriftType.Byte:
                WriteByte((byte)value.Bits);
                break;
            case ThriftType.I16:
                BinaryPrimitives.WriteInt16BigEndian(target.GetSpan(2), (short)value.Bits);
                target.Advance(2);
                break;
            case ThriftType.I32:
                WriteInt((int)value.Bits);
                break;
            case ThriftType.I64 or ThriftType.Double:
                BinaryPrimitives.WriteInt64BigEndian(target.GetSpan(8), value.Bits);
                target.Advance(8);
                break;
            case ThriftType.String:
                WriteText(value.Text!);
                break;
            case ThriftType.Struct:
                WriteStruct(value.Struct!);
                break;
            case ThriftType.List or ThriftType.Set:
                WriteList(value.List!);
                break;
            case ThriftType.Map:
                WriteMap(value.Map!);
                break;
            default:
                throw new ArgumentException($"A value of type {value.Type} cannot be written.", nameof(value));
        }
    }

    private void WriteList(ThriftList list)
    {
        WriteByte((byte)list.Element);
        WriteInt(list.Items.Count);
        foreach (var item in list.Items)
            WriteValue(item);
    }

    private void WriteMap(ThriftMap map)
    {
        WriteByte((byte)map.Key);
        WriteByte((byte)map.Value);
        WriteInt(map.Pairs.Count);
        foreach (var (key, value) in map.Pairs)
        {
            WriteValue(key);
            WriteValue(value);
        }
    }

    private void WriteText(string text)
    {
        int bytes = Encoding.UTF8.GetByteCount(text);
        WriteInt(bytes);
        Encoding.UTF8.GetBytes(text, target.GetSpan(bytes));
        target.Advance(bytes);
    }

    private void WriteInt(int value)
    {
        BinaryPrimitives.WriteInt32BigEndian(target.GetSpan(4), value);
        target.Advance(4);
    }

    private void WriteByte(byte value)
    {
        target.GetSpan(1)[0] = value;
        target.Advance(1);
    }
}
