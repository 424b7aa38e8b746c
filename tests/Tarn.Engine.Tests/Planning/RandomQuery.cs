namespace Tarn.Engine.Tests.Planning;

/// <summary>Makes queries over a table with the columns <c>id, n, d, ts, z, v, p, f</c> that filter it in many places and ways.</summary>
internal sealed class RandomQuery(Random random)
{
    /// <summary>Stands in the text for the table.</summary>
    public const string Table = "{table}";

    /// <summary>The next query.</summary>
    public string Next() => random.Next(15) switch
    {
        0 => $"SELECT * FROM {Table} WHERE {Condition()}",
        1 => $"WITH x AS {Kind()} (SELECT * FROM {Table} WHERE {Condition()}) SELECT id FROM x WHERE {Condition()} UNION ALL SELECT n FROM x WHERE {Condition()}",
        2 => $"WITH x AS {Kind()} (SELECT * FROM {Table}) SELECT count(*), max(a.id) FROM x AS a, (SELECT id FROM x WHERE {Condition()}) AS b WHERE a.id < 40 AND {Condition("a.")}",
        3 => $"SELECT a.id, b.v FROM {Table} AS a JOIN {Table} AS b ON a.n = b.n WHERE {Condition("a.")} AND {Condition("b.")}",
        4 => $"SELECT * FROM (SELECT *, sum(id) OVER (PARTITION BY n % 5) AS s FROM {Table}) WHERE {Condition()}",
        5 => $"SELECT * FROM (SELECT * FROM {Table} ORDER BY id LIMIT {random.Next(1, 150)}) WHERE {Condition()}",
        6 => $"SELECT id FROM {Table} WHERE {Condition()} AND n {Not()}IN (SELECT n FROM {Table} WHERE n IS NOT NULL AND {Condition()})",
        7 => $"SELECT id FROM {Table} AS x WHERE {Not()}EXISTS (SELECT 1 FROM {Table} AS y WHERE y.n = x.n + 1 AND {Condition("y.")})",
        8 => $"SELECT n % 3 AS g, count(*), max(d) FROM {Table} WHERE {Condition()} GROUP BY g HAVING count(*) > {random.Next(5)}",
        9 => $"SELECT a.id, b.id FROM {Table} AS a {Side()} JOIN {Table} AS b ON a.id = b.id AND {Condition("b.")} WHERE {Condition("a.")}",
        10 => $"SELECT * FROM (SELECT id, ts::DATE + 30 AS d, d::TIMESTAMP AS ts, z, v, n + 7 AS n, p, f FROM {Table}) WHERE {Condition()}",
        11 => $"SELECT id, (SELECT count(*) FROM {Table} AS y WHERE y.n < x.n AND {Condition("y.")}) FROM {Table} AS x WHERE {Condition("x.")}",
        12 => $"SELECT n, d FROM {Table} WHERE {Condition()} {(random.Next(2) == 0 ? "EXCEPT" : "INTERSECT")} SELECT n, d FROM {Table} WHERE {Condition()}",
        13 => $"SELECT id FROM {Table} WHERE {Condition()} QUALIFY row_number() OVER (PARTITION BY n ORDER BY id) = {random.Next(1, 4)}",
        _ => $"SELECT * FROM (SELECT * FROM {Table} WHERE {Condition()} UNION ALL SELECT * FROM {Table}) WHERE {Condition()}",
    };

    /// <summary>A condition over the columns of the table called <paramref name="of"/>, with a point; nested more deeply from <paramref name="depth"/> on.</summary>
    public string Condition(string of = "", int depth = 0) => random.Next(depth < 2 ? 8 : 4) switch
    {
        4 => $"NOT ({Condition(of, depth + 1)})",
        5 => $"({Condition(of, depth + 1)} OR {Condition(of, depth + 1)})",
        6 or 7 => $"({Condition(of, depth + 1)} AND {Condition(of, depth + 1)})",
        _ => Test(of),
    };

    /// <summary>A condition that no query takes.</summary>
    public string Wrong() => Pick("nosuch = 1", "other.n < 3", "n.x < 3", "v < DATE '2026-13-01'", "sum(id) > 1", "n = 1 AND", "d BETWEEN 1 AND 2");

    private string Test(string of) => random.Next(32) switch
    {
        0 => $"{of}n {Comparison()} {Number()}",
        1 => $"{of}d {Comparison()} {Day()}",
        2 => $"{of}ts {Comparison()} {Day()}",
        3 => $"{of}ts >= {Day()} AND {of}ts < {Day()}",
        4 => $"{of}d {Not()}BETWEEN {Day()} AND {Day()}",
        5 => $"{of}n {Not()}IN ({List(Number, 3)})",
        6 => $"{of}n {Not()}IN ({List(Number, 20)})",
        7 => $"{of}d {Not()}IN ({List(Day, 12)})",
        8 => $"{of}v {Not()}IN ({List(() => $"'v{Number()}'", 12)})",
        9 => $"{of}v {Not()}LIKE '{Pick("v1%", "v_1", "v2_", "v%3", "_%", "v1_%")}'",
        10 => $"year({of}{Pick("d", "ts")}) {Comparison()} {random.Next(2024, 2028)}",
        11 => $"month({of}d) = {random.Next(1, 13)}",
        12 => $"{of}{Pick("n", "v", "p", "f")} IS {Not()}NULL",
        13 => $"{of}n IS {Not()}DISTINCT FROM {Pick("NULL", Number())}",
        14 => $"{of}p {Comparison()} {Number()}.25",
        15 => $"{of}f {Comparison()} {Pick("'NaN'::DOUBLE", Number() + ".5", "'inf'::DOUBLE")}",
        16 => $"{of}ts::DATE = {Day()}",
        17 => $"date_trunc('month', {of}ts) {Comparison()} DATE '2026-0{random.Next(1, 8)}-01'",
        18 => $"{of}n {Not()}BETWEEN {Pick($"{of}id", "1.5", "NULL", Number())} AND {Pick($"{of}id + 3", "30.5", "NULL", Number())}",
        19 => $"{of}d BETWEEN {Pick("current_date - 250", Day())} AND {Pick("current_date", Day())}",
        20 => $"{of}v {Pick("SIMILAR TO", "~", "!~")} '{Pick("v1.*", "v2.+", "v[12].*", "v3", "(v1|v2)5?", ".*")}'",
        21 => $"{Pick("regexp_matches", "regexp_full_match")}({of}v, '{Pick("^v1", "v2.*", "^v[34]", "5$")}')",
        22 => $"{of}ts {Comparison()} {Pick($"(TIMESTAMP '2026-02-0{random.Next(1, 9)} 10:00:00')::DATE", $"CAST('2026-04-1{random.Next(10)} 10:00:00' AS DATE)")}",
        23 => $"{of}p {Comparison()} {Number()}.{random.Next(999)}::DECIMAL(5, 1)",
        24 => $"{of}n {Comparison()} {Number()}.{Pick("0", "5")}",
        25 => $"{of}n IN ({List(() => $"{Number()}.{Pick("0", "5")}", 12)})",
        26 => $"{of}v {Comparison()} {Pick($"CAST({Number()} AS VARCHAR)", "CAST(DATE '2026-1-1' AS VARCHAR)", "'v1' || '2'", "'v1'::BLOB::VARCHAR")}",
        27 => $"{Pick("upper", "lower")}({of}v) IN ({List(() => $"'v{Number()}'", 12)})",
        28 => $"({of}n, {of}d) {Pick("=", "<", ">=")} ({Number()}, {Day()})",
        29 => $"{of}z {Comparison()} {Pick($"'2026-0{random.Next(1, 8)}-01 00:30:00'", $"TIMESTAMP '2026-0{random.Next(1, 8)}-01 23:30:00'", $"TIMESTAMPTZ '2026-03-0{random.Next(1, 9)} 12:00:00+02'", Day())}",
        30 => $"{of}z::DATE = {Day()}",
        _ => $"{of}n + {random.Next(3)} {Comparison()} {Number()}",
    };

    private string Comparison() => Pick("=", "<>", "<", "<=", ">", ">=");

    private string Not() => Pick("", "", "NOT ");

    private string Kind() => Pick("", "MATERIALIZED", "NOT MATERIALIZED", "NOT MATERIALIZED");

    private string Side() => Pick("LEFT", "RIGHT", "FULL", "INNER");

    private string Number() => random.Next(-2, 60).ToString(System.Globalization.CultureInfo.InvariantCulture);

    private string Day() => $"DATE '2026-0{random.Next(1, 8)}-{random.Next(1, 29):00}'";

    private string List(Func<string> value, int most) => string.Join(", ", Enumerable.Range(0, random.Next(1, most + 1)).Select(_ => random.Next(25) == 0 ? "NULL" : value()));

    private string Pick(params string[] texts) => texts[random.Next(texts.Length)];
}
