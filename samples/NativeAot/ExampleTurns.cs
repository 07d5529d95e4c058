using System.Text.Json;
using Microsoft.Extensions.AI;
using NativeAot.Shop;

namespace NativeAot;

/// <summary>
/// Turns that show how tools are called. A model that was taught to call tools needs none of this: leave them out. SmolLM2-135M-Instruct was not, and
/// without an example it writes prose about functions in place of a call.
/// </summary>
internal static class ExampleTurns
{
    public static IReadOnlyList<ChatMessage> All { get; } =
    [
        .. OfOrder(17, "delivered", "Friday"), .. OfStock("chair", 6),
        .. OfOrder(203, "packed", "Tuesday"), .. OfStock("desk", 2),
        .. OfOrder(5561, "sent", "Sunday"), .. OfStock("bed", 4),
    ];

    private static ChatMessage[] OfOrder(int number, string state, string day) => Turn(
        $"Where is order {number}?", ShopTools.OrderTool, "number", number, JsonSerializer.Serialize(new Order(number, state, day), ShopJson.Default.Order),
        $"Order {number} was {state} on {day}.");

    private static ChatMessage[] OfStock(string item, int pieces) => Turn(
        $"How many {item}s are in stock?", ShopTools.StockTool, "item", item, JsonSerializer.Serialize(new Stock(item, pieces), ShopJson.Default.Stock),
        $"There are {pieces} {item}s in stock.");

    private static ChatMessage[] Turn(string question, string tool, string parameter, object argument, string result, string answer)
    {
        string id = $"{tool}-{argument}";
        return
        [
            new(ChatRole.User, question),
            new(ChatRole.Assistant, [new FunctionCallContent(id, tool, new Dictionary<string, object?> { [parameter] = argument })]),
            new(ChatRole.Tool, [new FunctionResultContent(id, result)]),
            new(ChatRole.Assistant, answer),
        ];
    }
}
