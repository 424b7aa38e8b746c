using Tarn.Core.Errors;

namespace Tarn.Engine.Parquet;

/// <summary>Decodes the schema of a Parquet footer (parquet.thrift: FileMetaData, SchemaElement, LogicalType).</summary>
internal static class ParquetSchemaReader
{
    private const int MaxDepth = 100;

    public static ParquetFooter Read(ReadOnlySpan<byte> footer, long footerOffset)
    {
        var reader = new CompactReader(footer);
        List<(ParquetColumn Column, int ChildCount)>? elements = null;
        long rowCount = -1;
        bool? usesLz4 = null;
        int id = 0;
        while ((elements is null || rowCount < 0 || usesLz4 is null) && reader.TryReadField(ref id, out var type))
        {
            if (id == 2 && type == CompactType.List)
                elements = ReadElements(ref reader);
            else if (id == 3 && type == CompactType.I64)
                rowCount = reader.ReadInt64();
            else if (id == 4 && type == CompactType.List)
                usesLz4 = UsesHadoopLz4(ref reader);
            else
                reader.Skip(type);
        }

        if (elements is null or [] || rowCount < 0)
            throw TarnException.Corrupted("its footer has no schema or no row count");
        int next = 0;
        return new ParquetFooter(Build(elements, ref next, 0), rowCount, footerOffset) { UsesHadoopLz4 = usesLz4 ?? false };
    }

    // RowGroup: field 1 holds the column chunks, whose field 3 is their metadata.
    private static bool UsesHadoopLz4(ref CompactReader reader)
    {
        bool found = false;
        for (int left = reader.ReadListHeader(out _); left > 0; left--)
        {
            int id = 0;
            while (reader.TryReadField(ref id, out var type))
            {
                if (id != 1 || type != CompactType.List)
                {
                    reader.Skip(type);
                    continue;
                }

                for (int chunks = reader.ReadListHeader(out _); chunks > 0; chunks--)
                    found |= IsHadoopLz4(ref reader);
            }
        }

        return found;
    }

    private static bool IsHadoopLz4(ref CompactReader reader)
    {
        bool found = false;
        int id = 0;
        while (reader.TryReadField(ref id, out var type))
        {
            if (id == 3 && type == CompactType.Struct)
                found = ColumnChunk.Read(ref reader).Codec == ColumnChunk.HadoopLz4Codec;
            else
                reader.Skip(type);
        }

        return found;
    }

    private static ParquetColumn Build(List<(ParquetColumn Column, int ChildCount)> elements, ref int next, int depth)
    {
        if (next >= elements.Count || depth > MaxDepth)
            throw TarnException.Corrupted("its schema announces more columns than it holds");
        var (column, childCount) = elements[next++];
        if (childCount == 0)
            return column;
        var children = new List<ParquetColumn>();
        for (int i = 0; i < childCount; i++)
            children.Add(Build(elements, ref next, depth + 1));
        return column with { Children = children };
    }

    private static List<(ParquetColumn, int)> ReadElements(ref CompactReader reader)
    {
        int count = reader.ReadListHeader(out _);
        var elements = new List<(ParquetColumn, int)>(count);
        for (int i = 0; i < count; i++)
            elements.Add(ReadElement(ref reader));
        return elements;
    }

    private static (ParquetColumn, int) ReadElement(ref CompactReader reader)
    {
        var column = new ParquetColumn { Name = "" };
        int childCount = 0, converted = -1;
        int id = 0;
        while (reader.TryReadField(ref id, out var type))
        {
            switch (id)
            {
                case 1: column = column with { PhysicalType = (ParquetPhysicalType)reader.ReadInt32() }; break;
                case 2: column = column with { TypeLength = reader.ReadInt32() }; break;
                case 3: column = column with { IsRepeated = reader.ReadInt32() == 2 }; break;
                case 4: column = column with { Name = reader.ReadString() }; break;
                case 5: childCount = reader.ReadInt32(); break;
                case 6: converted = reader.ReadInt32(); break;
                case 7: column = column with { Scale = reader.ReadInt32() }; break;
                case 8: column = column with { Precision = reader.ReadInt32() }; break;
                case 9: column = column with { FieldId = reader.ReadInt32() }; break;
                case 10: column = ReadLogicalType(ref reader, column); break;
                default: reader.Skip(type); break;
            }
        }

        // The old annotation counts only where the new one is missing.
        return (column.Annotation == ParquetAnnotation.None ? WithConvertedType(column, converted) : column, childCount);
    }

    private static ParquetColumn ReadLogicalType(ref CompactReader reader, ParquetColumn column)
    {
        int id = 0;
        while (reader.TryReadField(ref id, out var type))
        {
            column = id switch
            {
                1 => column with { Annotation = ParquetAnnotation.String },
                2 => column with { Annotation = ParquetAnnotation.Map },
                3 => column with { Annotation = ParquetAnnotation.List },
                4 => column with { Annotation = ParquetAnnotation.Enum },
                5 => column with { Annotation = ParquetAnnotation.Decimal },
                6 => column with { Annotation = ParquetAnnotation.Date },
                7 or 8 => ReadTime(ref reader, column, isTimestamp: id == 8),
                10 => ReadInteger(ref reader, column),
                11 => column with { Annotation = ParquetAnnotation.Unknown },
                12 => column with { Annotation = ParquetAnnotation.Json },
                14 => column with { Annotation = ParquetAnnotation.Uuid },
                15 => column with { Annotation = ParquetAnnotation.Float16 },
                16 => column with { Annotation = ParquetAnnotation.Variant, VariantTagOffset = reader.Position - 1 },
                17 or 18 => column with { Annotation = ParquetAnnotation.Geospatial },
                _ => column,
            };
            if (id is not (7 or 8 or 10))
                reader.Skip(type);
        }

        return column;
    }

    private static ParquetColumn ReadTime(ref CompactReader reader, ParquetColumn column, bool isTimestamp)
    {
        int unit = 2;
        int id = 0;
        int headerOffset = reader.Position;
        while (reader.TryReadField(ref id, out var type))
        {
            if (id == 1)
                column = column with { IsAdjustedToUtc = type == CompactType.True, UtcFlagOffset = headerOffset };
            else if (id == 2)
                unit = ReadUnionField(ref reader);
            else
                reader.Skip(type);
            headerOffset = reader.Position;
        }

        return column with
        {
            Annotation = (isTimestamp, unit) switch
            {
                (false, 1) => ParquetAnnotation.TimeMillis,
                (false, 3) => ParquetAnnotation.TimeNanos,
                (false, _) => ParquetAnnotation.TimeMicros,
                (true, 1) => ParquetAnnotation.TimestampMillis,
                (true, 3) => ParquetAnnotation.TimestampNanos,
                (true, _) => ParquetAnnotation.TimestampMicros,
            },
        };
    }

    private static int ReadUnionField(ref CompactReader reader)
    {
        int id = 0, found = 0;
        while (reader.TryReadField(ref id, out var type))
        {
            found = id;
            reader.Skip(type);
        }

        return found;
    }

    private static ParquetColumn ReadInteger(ref CompactReader reader, ParquetColumn column)
    {
        int id = 0;
        column = column with { Annotation = ParquetAnnotation.Integer };
        while (reader.TryReadField(ref id, out var type))
        {
            if (id == 1)
                column = column with { BitWidth = reader.ReadSignedByte() };
            else if (id == 2)
                column = column with { IsSigned = type == CompactType.True };
            else
                reader.Skip(type);
        }

        return column;
    }

    private static ParquetColumn WithConvertedType(ParquetColumn column, int converted) => converted switch
    {
        0 => column with { Annotation = ParquetAnnotation.String },
        1 or 2 => column with { Annotation = ParquetAnnotation.Map },
        3 => column with { Annotation = ParquetAnnotation.List },
        4 => column with { Annotation = ParquetAnnotation.Enum },
        5 => column with { Annotation = ParquetAnnotation.Decimal },
        6 => column with { Annotation = ParquetAnnotation.Date },
        7 => column with { Annotation = ParquetAnnotation.TimeMillis, IsAdjustedToUtc = true },
        8 => column with { Annotation = ParquetAnnotation.TimeMicros, IsAdjustedToUtc = true },
        9 => column with { Annotation = ParquetAnnotation.TimestampMillis, IsAdjustedToUtc = true },
        10 => column with { Annotation = ParquetAnnotation.TimestampMicros, IsAdjustedToUtc = true },
        >= 11 and <= 14 => column with { Annotation = ParquetAnnotation.Integer, BitWidth = 8 << (converted - 11), IsSigned = false },
        >= 15 and <= 18 => column with { Annotation = ParquetAnnotation.Integer, BitWidth = 8 << (converted - 15) },
        19 => column with { Annotation = ParquetAnnotation.Json },
        _ => column,
    };
}
