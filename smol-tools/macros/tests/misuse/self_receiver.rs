use smol_tools_macros::tool;

struct Shop;

impl Shop {
    /// Sells something.
    #[tool]
    fn sell(&self, item: String) -> u32 {
        item.len() as u32
    }
}

fn main() {}
