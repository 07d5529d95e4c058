using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;

namespace Minions.Extensions.AI.Tests.ToolCalls;

/// <summary>A call that a test writes as a model would.</summary>
internal sealed record WrittenCall(string Name, JsonObject Arguments)
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly string[] Pieces =
        ["a", "Zürich", " ", "\"", "'", "\\", "{", "}", "[", "]", "<", ">", "/", "|", "=", ",", ":", "\n", "\t", "漢", "😀", "`", "</", "tool_call", "call:", "None", "0"];

    private static readonly Gen<string> Texts = OneOf(Pieces).Array[0, 12].Select(string.Concat);

    private static readonly Gen<JsonNode> Numbers = Gen.OneOf(
        Gen.Int[-1000, 1000].Select(number => (JsonNode)JsonValue.Create(number)),
        Gen.Int[-1000, 1000].Select(number => (JsonNode)JsonValue.Create(number + 0.5)));

    private static readonly Gen<WrittenCall> Weather = Gen.Select(Texts, Gen.Int[-9, 9], Numbers, Gen.Bool, Texts.Array[0, 3], Gen.Int[0, 63]).Select((city, days, share, exact, tags, members) =>
    {
        JsonObject arguments = new() { ["city"] = city };
        if ((members & 1) > 0)
            arguments["days"] = days;
        if ((members & 2) > 0)
            arguments["share"] = (members & 32) > 0 ? null : share.DeepClone();
        if ((members & 4) > 0)
            arguments["exact"] = exact;
        if ((members & 8) > 0)
            arguments["where"] = new JsonObject { ["lat"] = share.DeepClone(), ["inner"] = new JsonObject { ["deep"] = new JsonArray(city, null, true) } };
        if ((members & 16) > 0)
            arguments["tags"] = new JsonArray([.. tags.Select(tag => JsonValue.Create(tag))]);
        return new WrittenCall("get_weather", arguments);
    });

    public static Gen<WrittenCall> Any { get; } = Gen.Frequency((1, Gen.Const(() => new WrittenCall("now", []))), (4, Weather));

    public static Gen<WrittenCall[]> Some { get; } = Any.Array[1, 3];

    /// <summary>One of some constants.</summary>
    public static Gen<string> OneOf(string[] constants) => Gen.Int[0, constants.Length - 1].Select(index => constants[index]);

    public string ArgumentsJson => Json(Arguments);

    public static string Json(JsonNode? node) => node?.ToJsonString(Plain) ?? "null";

    public static string Text(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : Json(node);

    public override string ToString() => $"{Name}({ArgumentsJson})";
}
