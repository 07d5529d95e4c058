using System.Text.Json;
using Microsoft.Extensions.AI;
using Minions.Extensions.AI.ToolCalls;

namespace Minions.Extensions.AI.Tests.ToolCalls;

/// <summary>The tools that the tests offer.</summary>
internal static class Tools
{
    public const string WeatherSchema =
        """
        {"type":"object","properties":{
        "city":{"type":"string"},
        "days":{"type":"integer"},
        "share":{"type":["number","null"]},
        "exact":{"type":"boolean"},
        "where":{"anyOf":[{"$ref":"#/$defs/place"},{"type":"null"}]},
        "tags":{"type":"array","items":{"type":"string"}}},
        "$defs":{"place":{"type":"object","properties":{"lat":{"type":"number"}}}},
        "required":["city"]}
        """;

    public static AIFunctionDeclaration Weather { get; } = Declare("get_weather", WeatherSchema);

    public static AIFunctionDeclaration Now { get; } = Declare("now", """{"type":"object","properties":{}}""");

    public static ToolCatalog Catalog { get; } = ToolCatalog.From([Weather, Now]);

    public static AIFunctionDeclaration Declare(string name, string schema) =>
        AIFunctionFactory.CreateDeclaration(name, $"What {name} does", Json(schema));

    public static JsonElement Json(string text)
    {
        using JsonDocument document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }
}
