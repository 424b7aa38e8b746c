namespace Tarn.Catalog.Hive.Thrift;

/// <summary>
/// Fields by id. Reading a field that is not there, or has another type than the definition says, gives what the definition has for an unset one:
/// that is how Thrift reads structs of older and newer programs.
/// </summary>
internal sealed class ThriftStruct
{
    private readonly List<KeyValuePair<short, ThriftValue>> _fields = [];

    /// <summary>The fields in the order in which they were set or read.</summary>
    public IReadOnlyList<KeyValuePair<short, ThriftValue>> Fields => _fields;

    /// <summary>Whether the field is there.</summary>
    public bool Has(short id) => Find(id) is not null;

    /// <summary>A field of type string, or null.</summary>
    public string? Text(short id) => Find(id)?.Text;

    /// <summary>A field of type i64, i32, i16 or byte.</summary>
    public long Integer(short id, long unset = 0) => Find(id) is { Type: ThriftType.I64 or ThriftType.I32 or ThriftType.I16 or ThriftType.Byte } found ? found.Bits : unset;

    /// <summary>A field of type i32, or an enumeration.</summary>
    public int Int(short id, int unset = 0) => (int)Integer(id, unset);

    /// <summary>A field of type bool.</summary>
    public bool Bool(short id) => Find(id) is { Type: ThriftType.Bool, Bits: not 0 };

    /// <summary>A struct, or null.</summary>
    public ThriftStruct? Struct(short id) => Find(id)?.Struct;

    /// <summary>A list of texts; empty when unset.</summary>
    public IReadOnlyList<string> Texts(short id) => Find(id)?.List?.Texts ?? [];

    /// <summary>A list of structs; empty when unset.</summary>
    public IEnumerable<ThriftStruct> Structs(short id) => Find(id)?.List?.Structs ?? [];

    /// <summary>A map of texts; empty when unset.</summary>
    public SortedDictionary<string, string> Map(short id) => Find(id)?.Map?.Texts ?? new SortedDictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Sets a field.</summary>
    public ThriftStruct With(short id, ThriftValue value)
    {
        _fields.Add(KeyValuePair.Create(id, value));
        return this;
    }

    /// <summary>Sets a text unless it is null.</summary>
    public ThriftStruct With(short id, string? value) => value is null ? this : With(id, (ThriftValue)value);

    /// <summary>Sets a struct unless it is null.</summary>
    public ThriftStruct With(short id, ThriftStruct? value) => value is null ? this : With(id, (ThriftValue)value);

    /// <summary>Sets a list of texts.</summary>
    public ThriftStruct With(short id, IEnumerable<string> texts) => With(id, (ThriftValue)ThriftList.Of(texts));

    /// <summary>Sets a list of structs.</summary>
    public ThriftStruct With(short id, IEnumerable<ThriftStruct> structs) => With(id, (ThriftValue)ThriftList.Of(structs));

    /// <summary>Sets a map of texts.</summary>
    public ThriftStruct With(short id, IEnumerable<KeyValuePair<string, string>> texts) => With(id, (ThriftValue)ThriftMap.Of(texts));

    private ThriftValue? Find(short id)
    {
        // The last one counts, as in readers that assign field by field. Structs have few fields.
        for (int i = _fields.Count - 1; i >= 0; i--)
        {
            if (_fields[i].Key == id)
                return _fields[i].Value;
        }

        return null;
    }
}
