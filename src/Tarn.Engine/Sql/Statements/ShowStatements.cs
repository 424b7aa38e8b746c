namespace Tarn.Engine.Sql.Statements;

/// <summary><c>SHOW CATALOGS [LIKE 'pattern']</c>.</summary>
public sealed record ShowCatalogsStatement(string? Like) : SqlStatement;

/// <summary><c>SHOW SCHEMAS [FROM catalog] [LIKE 'pattern']</c>, also DATABASES and NAMESPACES.</summary>
public sealed record ShowSchemasStatement(QualifiedName? Catalog, string? Like) : SqlStatement;

/// <summary><c>SHOW TABLES [FROM schema] [LIKE 'pattern']</c>.</summary>
public sealed record ShowTablesStatement(QualifiedName? Schema, string? Like) : SqlStatement;

/// <summary><c>SHOW VIEWS [FROM schema] [LIKE 'pattern']</c>.</summary>
public sealed record ShowViewsStatement(QualifiedName? Schema, string? Like) : SqlStatement;

/// <summary><c>SHOW COLUMNS FROM table [LIKE 'pattern']</c>.</summary>
public sealed record ShowColumnsStatement(QualifiedName Table, string? Like) : SqlStatement;

/// <summary>What a SHOW CREATE shows.</summary>
public enum ShowCreateKind
{
    /// <summary>A table.</summary>
    Table,

    /// <summary>A view.</summary>
    View,

    /// <summary>A schema.</summary>
    Schema,
}

/// <summary><c>SHOW CREATE TABLE|VIEW|SCHEMA name</c>.</summary>
public sealed record ShowCreateStatement(ShowCreateKind Kind, QualifiedName Name) : SqlStatement;

/// <summary><c>SHOW STATS FOR table</c>.</summary>
public sealed record ShowStatsStatement(QualifiedName Table) : SqlStatement;

/// <summary><c>SHOW STATS FOR (query)</c>.</summary>
public sealed record ShowQueryStatsStatement(Queries.QueryText Query) : SqlStatement;

/// <summary><c>SHOW BRANCHES FROM table</c> or <c>SHOW TAGS FROM table</c>.</summary>
public sealed record ShowRefsStatement(QualifiedName Table, bool Tags) : SqlStatement;

/// <summary><c>SHOW PARTITIONS FROM table</c>.</summary>
public sealed record ShowPartitionsStatement(QualifiedName Table) : SqlStatement;

/// <summary><c>SHOW TBLPROPERTIES table</c>.</summary>
public sealed record ShowPropertiesStatement(QualifiedName Table) : SqlStatement;

/// <summary><c>SHOW name</c>: the value of a setting, as PostgreSQL clients ask for it.</summary>
public sealed record ShowVariableStatement(QualifiedName Name) : SqlStatement;

/// <summary><c>DESCRIBE table</c>.</summary>
/// <param name="Table">The table or view.</param>
/// <param name="Extended">Whether EXTENDED or FORMATTED asks for all there is to know.</param>
public sealed record DescribeStatement(QualifiedName Table, bool Extended) : SqlStatement;
