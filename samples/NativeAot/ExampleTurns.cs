using Microsoft.Extensions.AI;

namespace NativeAot;

/// <summary>
/// Turns that show how tools are called. A model that was taught to call tools needs none of this: leave them out. SmolLM2-135M-Instruct was not, and
/// without an example it writes prose about functions in place of a call.
/// </summary>
internal static class ExampleTurns
{
    public static IReadOnlyList<ChatMessage> All { get; } =
    [
        .. Turn("1", "Where is order 17?", "get_order", "number", 17, """{"number":17,"state":"delivered","day":"Friday"}""", "Order 17 was delivered on Friday."),
        .. Turn("2", "How many chairs are in stock?", "get_stock", "item", "chair", """{"item":"chair","pieces":6}""", "There are 6 chairs in stock."),
        .. Turn("3", "Where is order 203?", "get_order", "number", 203, """{"number":203,"state":"packed","day":"Tuesday"}""", "Order 203 was packed on Tuesday."),
        .. Turn("4", "How many desks are in stock?", "get_stock", "item", "desk", """{"item":"desk","pieces":0}""", "There are 0 desks in stock."),
    ];

    private static ChatMessage[] Turn(string id, string question, string tool, string parameter, object argument, string result, string answer) =>
    [
        new(ChatRole.User, question),
        new(ChatRole.Assistant, [new FunctionCallContent(id, tool, new Dictionary<string, object?> { [parameter] = argument })]),
        new(ChatRole.Tool, [new FunctionResultContent(id, result)]),
        new(ChatRole.Assistant, answer),
    ];
}
