using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;

namespace Minions.Extensions.AI.ToolCalls.Learning;

/// <summary>The calls that a template is asked to render to see how its model writes calls. Nothing else in a template looks like them.</summary>
internal static class ProbeCall
{
    public const string Name = "zq_probe";
    public const string FirstKey = "zq_first";
    public const string SecondKey = "zq_second";

    private const string Schema =
        """{"type":"object","properties":{"zq_first":{"type":"string"},"zq_second":{"type":"integer"}},"required":["zq_first","zq_second"]}""";

    /// <summary>The tool that is called.</summary>
    public static ToolCatalog Tools { get; } = ToolCatalog.From([AIFunctionFactory.CreateDeclaration(Name, "Probe.", ParseSchema())]);

    /// <summary>The ids that templates insist on differ.</summary>
    public static IReadOnlyList<Func<int, string>> Ids { get; } =
    [
        static index => FormattableString.Invariant($"zq000000{index}"),
        static index => FormattableString.Invariant($"functions.{Name}:{index}"),
    ];

    /// <summary>The value of the first argument.</summary>
    public static string FirstValue(int index) => index == 0 ? "zq one" : "zq two";

    /// <summary>The value of the second argument, a number.</summary>
    public static string SecondValue(int index) => index == 0 ? "73" : "84";

    /// <summary>The arguments of a call.</summary>
    public static JsonObject Arguments(int index) => new()
    {
        [FirstKey] = FirstValue(index),
        [SecondKey] = JsonNode.Parse(SecondValue(index)),
    };

    /// <summary>Whether a call is the one with this index. A number may have become a string: some templates quote all values.</summary>
    public static bool Is(ToolCall call, int index) =>
        call is { Name: Name, Error: null, Arguments: { Count: 2 } arguments }
        && arguments.TryGetValue(FirstKey, out object? first) && first?.ToString() == FirstValue(index)
        && arguments.TryGetValue(SecondKey, out object? second) && second?.ToString() == SecondValue(index);

    private static JsonElement ParseSchema()
    {
        using JsonDocument document = JsonDocument.Parse(Schema);
        return document.RootElement.Clone();
    }
}
