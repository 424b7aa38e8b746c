using Tarn.CommandLine;

namespace Tarn.Tests.Commands;

/// <summary>Rows that are exported and brought in again.</summary>
public sealed class ExportedRowsTests : IDisposable
{
    private const string Columns = """
        id integer, n bigint, d decimal(38, 10), f real, x double, b boolean, s varchar, bytes varbinary, u uuid, day date, at time, ts timestamp, tz timestamp with time zone,
        r row(a integer, "b c" varchar), l array(decimal(20, 2)), m map(varchar, integer), keys map(integer, boolean), days map(date, real), instants map(timestamp with time zone, uuid),
        locals map(timestamp, time), decimals map(decimal(20, 5), decimal(38, 38)), blobs map(varbinary, varbinary), wide map(bigint, double), rows map(varchar, row(a bigint, l array(varbinary))),
        of_rows map(row(a integer, b date), varchar), maps map(varchar, map(integer, timestamp)), lists array(map(varchar, array(integer))), inner row(m map(uuid, double), n row(m map(varchar, varchar)))
        """;

    private const string Rows = """
        (1, 9223372036854775807, 1234567890123456789012345678.0123456789, 1.1, 1e300, true, 'a "b" \ é', '\x00\xFF'::BLOB, '00112233-4455-6677-8899-aabbccddeeff', DATE '0001-01-01', TIME '23:59:59.999999',
         TIMESTAMP '2026-01-31 10:20:30.123456', TIMESTAMPTZ '2026-01-31 10:20:30.1+02', {'a': 1, 'b c': 'x'}, [1.25, NULL, -999999999999999999.99], MAP {'a': 1, 'b': NULL, '': -5}, MAP {1: true, -2: NULL},
         MAP {DATE '2026-01-31': 1.1::FLOAT, DATE '9999-12-31': 'NaN'::FLOAT}, MAP {TIMESTAMPTZ '2026-01-31 10:20:30.1Z': '00112233-4455-6677-8899-aabbccddeeff'::UUID},
         MAP {TIMESTAMP '1969-12-31 23:59:59.999999': TIME '00:00:00'}, MAP {1.5::DECIMAL(20,5): 0.12345678901234567890123456789012345678::DECIMAL(38,38)}, MAP {'\x00\xFF'::BLOB: 'a'::BLOB, ''::BLOB: NULL},
         MAP {9007199254740993: '-Infinity'::DOUBLE, 2: -0.0}, MAP {'x': {'a': 9007199254740993, 'l': ['\x01'::BLOB, NULL]}, 'y': NULL}, MAP {{'a': 1, 'b': DATE '2026-01-31'}: 'x', {'a': NULL, 'b': NULL}: NULL},
         MAP {'x': MAP {1: TIMESTAMP '2026-01-31 10:20:30'}, 'y': MAP {}, 'z': NULL}, [MAP {'a': [1, NULL], 'b': [], 'c': NULL}, NULL, MAP {}],
         {'m': MAP {'00112233-4455-6677-8899-aabbccddeeff'::UUID: 0.1}, 'n': {'m': MAP {'k"ey': 'null', '[1]': '{"a":1}'}}}),
        (2, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
        (3, 0, 0, 0, 0, false, '', ''::BLOB, NULL, NULL, NULL, NULL, NULL, {'a': NULL, 'b c': NULL}, [], MAP {}, MAP {}, MAP {}, MAP {}, MAP {}, MAP {}, MAP {}, MAP {}, MAP {}, MAP {}, MAP {}, [],
         {'m': MAP {}, 'n': NULL})
        """;

    private readonly TarnProcess _tarn = new();

    public void Dispose() => _tarn.Dispose();

    [Theory]
    [InlineData("json")]
    [InlineData("ndjson")]
    public async Task Ingest_WhatWasExported_GivesTheSameRows(string form)
    {
        await DoneAsync("sql", $"CREATE SCHEMA s; CREATE TABLE s.t({Columns}); CREATE TABLE s.again({Columns}); INSERT INTO s.t VALUES {Rows}");
        await DoneAsync("export", "s.t", "--to", $"rows.{form}");
        await DoneAsync("ingest", $"rows.{form}", "--table", "s.again");

        Assert.Equal("n\n3\n", await DoneAsync("sql", "SELECT count(*) AS n FROM s.again", "--format", "csv"));
        Assert.Equal("id\n", await DoneAsync("sql", "SELECT id FROM ((SELECT * FROM s.t EXCEPT SELECT * FROM s.again) UNION ALL (SELECT * FROM s.again EXCEPT SELECT * FROM s.t))", "--format", "csv"));
    }

    private async Task<string> DoneAsync(params string[] words)
    {
        var result = await _tarn.RunAsync(words);
        Assert.True(result.ExitCode == ExitCode.Done, result.ToString());
        return result.Out;
    }
}
