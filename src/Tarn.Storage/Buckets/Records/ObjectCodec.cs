using System.Collections.Immutable;
using Tarn.Storage.Buckets.Keys;

namespace Tarn.Storage.Buckets.Records;

/// <summary>Versions of objects as bytes. Key and sequence number stand in the index key.</summary>
internal static class ObjectCodec
{
    private const ulong Format = 1;

    [Flags]
    private enum Marks : ulong
    {
        None = 0,
        DeleteMarker = 1,
        NullVersion = 2,
        LegalHold = 4,
        HasCrc32C = 8,
        Damaged = 16,
        HasRetention = 32,
        HasParts = 64,
    }

    public static byte[] Write(StoredObject stored)
    {
        var record = stored.Record;
        var writer = new RecordWriter();
        writer.Number(Format);
        writer.Number((ulong)MarksOf(stored));
        writer.Number((ulong)stored.Place);
        writer.Number((ulong)record.SizeBytes);
        writer.Time(record.LastModified);
        writer.Text(record.ETag);
        writer.Number(stored.Token);
        writer.Number(stored.FileId);
        writer.Time(stored.FileModified);
        writer.Text(record.Owner);
        writer.Pairs(record.Headers);
        writer.Pairs(record.UserMetadata);
        writer.Pairs(record.Tags);
        writer.Checksums(record.Checksums);
        if (stored.Crc32C is { } crc)
            writer.Number(crc);
        if (stored.Damage is { } damage)
            writer.Text(damage);
        if (record.Retention is not null)
            writer.Retention(record.Retention);
        if (!record.Parts.IsEmpty)
            WriteParts(writer, record.Parts);
        return writer.ToArray();
    }

    public static StoredObject Read(string key, ulong sequence, ReadOnlySpan<byte> value, RecordMemo? memo = null)
    {
        var reader = new RecordReader(value);
        reader.RequireFormat(Format);
        var marks = (Marks)reader.Number();
        var place = (ObjectPlace)reader.Number();
        long size = (long)reader.Number();
        var modified = reader.Time();
        string etag = reader.Text();
        ulong token = reader.Number(), fileId = reader.Number();
        var fileModified = reader.Time();
        string versionId = marks.HasFlag(Marks.NullVersion) ? ObjectRecord.NullVersionId : VersionIds.Format(sequence, token);
        var record = new ObjectRecord(key, versionId, size, modified, etag)
        {
            IsDeleteMarker = marks.HasFlag(Marks.DeleteMarker),
            HasLegalHold = marks.HasFlag(Marks.LegalHold),
            Owner = reader.Text(),
            Headers = reader.Pairs(ObjectRecord.NoHeaders, memo),
            UserMetadata = reader.Pairs(ObjectRecord.NoHeaders),
            Tags = reader.Pairs(ObjectRecord.NoTags),
            Checksums = reader.Checksums(),
        };
        uint? crc = marks.HasFlag(Marks.HasCrc32C) ? (uint)reader.Number() : null;
        string? damage = marks.HasFlag(Marks.Damaged) ? reader.Text() : null;
        var retention = marks.HasFlag(Marks.HasRetention) ? reader.Retention() : null;
        var parts = marks.HasFlag(Marks.HasParts) ? ReadParts(ref reader) : [];
        if (retention is not null || !parts.IsEmpty)
            record = record with { Retention = retention, Parts = parts };
        return new StoredObject(record, sequence) { Token = token, Place = place, FileId = fileId, FileModified = fileModified, Crc32C = crc, Damage = damage };
    }

    /// <summary>Whether a version is a delete marker, without reading all of it.</summary>
    public static bool IsDeleteMarker(ReadOnlySpan<byte> value)
    {
        var reader = new RecordReader(value);
        reader.RequireFormat(Format);
        return ((Marks)reader.Number()).HasFlag(Marks.DeleteMarker);
    }

    private static Marks MarksOf(StoredObject stored)
    {
        var marks = Marks.None;
        if (stored.Record.IsDeleteMarker)
            marks |= Marks.DeleteMarker;
        if (stored.IsNullVersion)
            marks |= Marks.NullVersion;
        if (stored.Record.HasLegalHold)
            marks |= Marks.LegalHold;
        if (stored.Crc32C is not null)
            marks |= Marks.HasCrc32C;
        if (stored.Damage is not null)
            marks |= Marks.Damaged;
        if (stored.Record.Retention is not null)
            marks |= Marks.HasRetention;
        return stored.Record.Parts.IsEmpty ? marks : marks | Marks.HasParts;
    }

    private static void WriteParts(RecordWriter writer, ImmutableArray<ObjectPart> parts)
    {
        writer.Number((ulong)parts.Length);
        foreach (var part in parts)
        {
            writer.Number((ulong)part.Number);
            writer.Number((ulong)part.SizeBytes);
            writer.Checksums(part.Checksums);
        }
    }

    private static ImmutableArray<ObjectPart> ReadParts(ref RecordReader reader)
    {
        var parts = ImmutableArray.CreateBuilder<ObjectPart>((int)reader.Number());
        while (parts.Count < parts.Capacity)
            parts.Add(new ObjectPart((int)reader.Number(), (long)reader.Number(), reader.Checksums()));
        return parts.MoveToImmutable();
    }
}
