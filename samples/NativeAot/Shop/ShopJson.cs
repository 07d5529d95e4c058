using System.Text.Json;
using System.Text.Json.Serialization;

namespace NativeAot.Shop;

/// <summary>
/// What the tools take and return, as JSON that the compiler writes. Native code has no reflection to find out how a type is serialised: every type of a
/// parameter or a result is named here.
/// </summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(int))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(Order))]
[JsonSerializable(typeof(Stock))]
internal sealed partial class ShopJson : JsonSerializerContext;
