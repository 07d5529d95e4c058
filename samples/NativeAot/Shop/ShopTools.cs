using System.ComponentModel;
using Microsoft.Extensions.AI;

namespace NativeAot.Shop;

/// <summary>The shop's tools. Its orders and items are made up.</summary>
internal sealed class ShopTools
{
    public const string OrderTool = "get_order";

    public const string StockTool = "get_stock";

    private readonly Dictionary<int, Order> _orders = new()
    {
        [1042] = new Order(1042, "shipped", "Monday"),
        [1043] = new Order(1043, "paid", "Thursday"),
    };

    private readonly Dictionary<string, int> _pieces = new(StringComparer.OrdinalIgnoreCase) { ["lamp"] = 12, ["table"] = 3 };

    public IList<AITool> All =>
    [
        AIFunctionFactory.Create(FindOrder, Named(OrderTool, "Tells where an order is.")),
        AIFunctionFactory.Create(CountPieces, Named(StockTool, "Tells how many pieces of an item are in stock.")),
    ];

    private Order FindOrder([Description("The number of the order.")] int number) => _orders.GetValueOrDefault(number) ?? new Order(number, "unknown", "");

    private Stock CountPieces([Description("The item, in the singular.")] string item) => new(item, _pieces.GetValueOrDefault(item));

    private static AIFunctionFactoryOptions Named(string name, string description) =>
        new() { Name = name, Description = description, SerializerOptions = ShopJson.Default.Options };
}
