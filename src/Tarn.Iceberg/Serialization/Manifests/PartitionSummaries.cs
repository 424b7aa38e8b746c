using Tarn.Iceberg.Serialization.SingleValue;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Iceberg.Serialization.Manifests;

/// <summary>Collects the summary of each partition field over the entries of a manifest.</summary>
internal sealed class PartitionSummaries(StructType type)
{
    private readonly Range[] _ranges = new Range[type.Fields.Count];

    internal void Add(object?[] partition)
    {
        for (int i = 0; i < _ranges.Length; i++)
            _ranges[i].Add(partition[i]);
    }

    internal IReadOnlyList<FieldSummary> ToList() => [.. _ranges.Select((r, i) => r.ToSummary(type.Fields[i].Type))];

    private struct Range
    {
        private bool _containsNull;
        private bool _containsNaN;
        private object? _lower;
        private object? _upper;

        internal void Add(object? value)
        {
            if (value is null)
            {
                _containsNull = true;
            }
            else if (LiteralValue.IsNaN(value))
            {
                _containsNaN = true;
            }
            else
            {
                if (_lower is null || LiteralValue.Compare(value, _lower) < 0)
                    _lower = value;
                if (_upper is null || LiteralValue.Compare(value, _upper) > 0)
                    _upper = value;
            }
        }

        internal readonly FieldSummary ToSummary(IcebergType type) => new(
            _containsNull,
            _containsNaN,
            _lower is null ? null : BinarySingleValue.Serialize(type, _lower),
            _upper is null ? null : BinarySingleValue.Serialize(type, _upper));
    }
}
