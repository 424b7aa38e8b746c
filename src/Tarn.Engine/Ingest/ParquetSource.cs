using Tarn.Core.Errors;
using Tarn.DuckDb;
using Tarn.DuckDb.Types;
using Tarn.Engine.Types;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Engine.Ingest;

/// <summary>Reads Parquet: types are those of the file.</summary>
internal sealed class ParquetSource(DuckDbConnection connection)
{
    /// <summary>Finds out what a file holds.</summary>
    /// <exception cref="TarnException">InvalidRequest when the file is damaged.</exception>
    public SourceRelation Open(SourceFile file, CancellationToken cancellationToken)
    {
        string from = $"read_parquet({EngineSql.String(file.Path)}, hive_partitioning = false)";
        try
        {
            using var statement = connection.Prepare($"SELECT * FROM {from}", cancellationToken);
            int id = 0;
            return new SourceRelation(file, from, [.. statement.Columns.Select(c => file.ZonedNanos.Contains(c.Name) ? new SourceColumn(c.Name, SimpleType.TimestampTzNs, EngineSql.Identifier(c.Name)) : Column(c, () => ++id))]);
        }
        catch (DuckDbException e)
        {
            throw TarnException.Invalid($"File '{file.Name}' does not read as Parquet: {e.Message.Split('\n')[0]} Repeat its download, or write it again.", e);
        }
    }

    private static SourceColumn Column(DuckDbColumn column, Func<int> nextId)
    {
        string name = EngineSql.Identifier(column.Name);
        return column.Type.Id switch
        {
            DuckDbTypeId.HugeInt or DuckDbTypeId.UHugeInt => new SourceColumn(column.Name, new DecimalType(38, 0), $"{name}::DECIMAL(38,0)"),
            DuckDbTypeId.UBigInt => new SourceColumn(column.Name, new DecimalType(20, 0), $"{name}::DECIMAL(20,0)"),
            DuckDbTypeId.Interval or DuckDbTypeId.TimeTz or DuckDbTypeId.Bit or DuckDbTypeId.Union => new SourceColumn(column.Name, SimpleType.String, $"{name}::VARCHAR", IsText: true),
            DuckDbTypeId.Varchar => new SourceColumn(column.Name, SimpleType.String, $"{name}::VARCHAR", IsText: true),
            _ => new SourceColumn(column.Name, IcebergTypes.Of(column.Type, column.Name, nextId), name),
        };
    }
}
