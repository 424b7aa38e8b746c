using Tarn.DuckDb.Writing;
using Tarn.Iceberg.Serialization.Avro;

namespace Tarn.Engine.Avro;

/// <summary>Reads values of an Avro file straight into a column of the engine. Made for one schema and one type; thread-safe.</summary>
internal abstract class AvroValueReader
{
    /// <summary>Fewest bytes that a value takes, to refuse counts that cannot be true.</summary>
    public abstract int MinBytes { get; }

    /// <summary>Reads the next value into a row.</summary>
    public abstract void Read(ref AvroReader reader, DuckDbVectorWriter output, int row);

    /// <summary>Passes over the next value.</summary>
    public abstract void Skip(ref AvroReader reader);
}

/// <summary>A value without parts.</summary>
internal sealed class AvroLeafReader(AvroDecoder decoder, AvroLeafReader.Write write) : AvroValueReader
{
    /// <summary>Reads one value into a row.</summary>
    public delegate void Write(ref AvroReader reader, DuckDbVectorWriter output, int row);

    public override int MinBytes => decoder.MinBytes;

    public override void Read(ref AvroReader reader, DuckDbVectorWriter output, int row) => write(ref reader, output, row);

    public override void Skip(ref AvroReader reader) => decoder.Skip(ref reader);
}

/// <summary>A union; a branch without reader is null.</summary>
internal sealed class AvroUnionReader(IReadOnlyList<AvroValueReader?> branches) : AvroValueReader
{
    public override int MinBytes => 1;

    public override void Read(ref AvroReader reader, DuckDbVectorWriter output, int row)
    {
        if (branches[reader.ReadBranch(branches.Count)] is not { } branch)
        {
            output.SetNull(row);
            return;
        }

        reader.Enter();
        branch.Read(ref reader, output, row);
        reader.Leave();
    }

    public override void Skip(ref AvroReader reader)
    {
        var branch = branches[reader.ReadBranch(branches.Count)];
        reader.Enter();
        branch?.Skip(ref reader);
        reader.Leave();
    }
}

/// <summary>A record as a struct: fields that the table lacks are passed over, fields that the file lacks take their value.</summary>
/// <param name="steps">For each field of the file its reader and the field of the struct that it becomes, or -1.</param>
/// <param name="missing">Fields of the struct that the file lacks, and the value of all their rows.</param>
internal sealed class AvroRecordReader(IReadOnlyList<(AvroValueReader Reader, int Child)> steps, IReadOnlyList<(int Child, object? Value)> missing) : AvroValueReader
{
    public override int MinBytes { get; } = (int)Math.Min(int.MaxValue, steps.Sum(s => (long)s.Reader.MinBytes));

    public override void Read(ref AvroReader reader, DuckDbVectorWriter output, int row)
    {
        reader.Enter();
        foreach (var (step, child) in steps)
        {
            if (child < 0)
                step.Skip(ref reader);
            else
                step.Read(ref reader, output.Child(child), row);
        }

        reader.Leave();
        foreach (var (child, value) in missing)
            output.Child(child).SetValue(row, value);
    }

    public override void Skip(ref AvroReader reader)
    {
        reader.Enter();
        foreach (var (step, _) in steps)
            step.Skip(ref reader);
        reader.Leave();
    }
}

/// <summary>An array as a list, or a map as a map: blocks of items, whose number is counted before they are read.</summary>
/// <param name="items">Readers of the parts of an item: the element, or key and value.</param>
internal sealed class AvroItemsReader(IReadOnlyList<AvroValueReader> items) : AvroValueReader
{
    private readonly int minItemBytes = (int)Math.Min(int.MaxValue, items.Sum(i => (long)i.MinBytes));

    public override int MinBytes => 1;

    public override void Read(ref AvroReader reader, DuckDbVectorWriter output, int row)
    {
        var ahead = reader;
        int next = output.SetList(row, SkipItems(ref ahead));
        reader.Enter();
        for (int count; (count = reader.ReadBlockCount(minItemBytes, out _)) > 0;)
        {
            for (int end = next + count; next < end; next++)
            {
                for (int part = 0; part < items.Count; part++)
                    items[part].Read(ref reader, output.Child(part), next);
            }
        }

        reader.Leave();
    }

    public override void Skip(ref AvroReader reader) => SkipItems(ref reader);

    private int SkipItems(ref AvroReader reader)
    {
        int total = 0;
        reader.Enter();
        for (int count; (count = reader.ReadBlockCount(minItemBytes, out int size)) > 0;)
        {
            total = checked(total + count);
            if (size >= 0)
            {
                reader.SkipFixed(size);
                continue;
            }

            for (; count > 0; count--)
            {
                foreach (var part in items)
                    part.Skip(ref reader);
            }
        }

        reader.Leave();
        return total;
    }
}
