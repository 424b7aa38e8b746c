using Tarn.Engine.Sql.Lexing;
using Tarn.Engine.Sql.Types;

namespace Tarn.Engine.Sql.Parsing;

/// <content>Structs, lists and maps, in round or angle brackets.</content>
internal static partial class TypeParser
{
    private static StructSqlType ReadStruct(TokenCursor cursor, int depth)
    {
        var closer = ExpectOpener(cursor);
        return new StructSqlType(cursor.ListUntil(closer, () => ReadField(cursor, depth)));
    }

    private static SqlField ReadField(TokenCursor cursor, int depth)
    {
        var name = cursor.ExpectIdentifier("a field name");
        cursor.TryTakeSymbol(":");
        var type = ReadFieldType(cursor, depth + 1);
        var notNull = cursor.TryTake("NOT", "NULL");
        var comment = cursor.TryTake("COMMENT") ? cursor.ExpectText("the comment as a string") : null;
        return new SqlField(name, type, notNull, comment);
    }

    // In struct<offset:int> the lexer takes ':int' for a parameter, because it stands behind a keyword.
    private static SqlType ReadFieldType(TokenCursor cursor, int depth)
    {
        var token = cursor.Current;
        if (token.Kind != TokenKind.Parameter || token.Span[0] != ':')
        {
            return Read(cursor, depth);
        }

        cursor.Take();
        return ReadFrom(cursor, new Token(TokenKind.Word, token.Source, token.Offset + 1, token.Length - 1), depth);
    }

    private static ArraySqlType ReadArray(TokenCursor cursor, int depth)
    {
        var closer = ExpectOpener(cursor);
        var element = Read(cursor, depth + 1);
        cursor.ExpectSymbol(closer);
        return new ArraySqlType(element);
    }

    private static MapSqlType ReadMap(TokenCursor cursor, int depth)
    {
        var closer = ExpectOpener(cursor);
        var key = Read(cursor, depth + 1);
        cursor.ExpectSymbol(",");
        var value = Read(cursor, depth + 1);
        cursor.ExpectSymbol(closer);
        return new MapSqlType(key, value);
    }

    private static string ExpectOpener(TokenCursor cursor)
    {
        if (cursor.TryTakeSymbol("<"))
        {
            return ">";
        }

        cursor.ExpectSymbol("(");
        return ")";
    }
}
