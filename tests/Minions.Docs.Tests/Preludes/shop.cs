using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.AI;

Order FindOrder(int number) => new(number, "sent");

internal sealed record Order(int Number, string State);

// Stands for the half that the generator of System.Text.Json writes.
internal sealed partial class ShopJson
{
    public static ShopJson Default { get; } = new();

    private ShopJson()
        : base(null)
    {
    }

    protected override JsonSerializerOptions? GeneratedSerializerOptions => null;

    public override JsonTypeInfo? GetTypeInfo(System.Type type) => null;
}
