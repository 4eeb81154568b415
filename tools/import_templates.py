#!/usr/bin/env python3
"""Write the tables that the import screens offer to fill in: static/xls/*.xlsx (run it after a column changed)."""
import datetime
import pathlib

import xlsxwriter

TARGET = pathlib.Path(__file__).resolve().parents[1] / 'addons/aftersales_service/static/xls'

# name of the file: (column, what to enter, 填写说明, first row, second row, …)
TABLES = {
    'labour_items': [
        ('code', "Code of the labour item", "工时代码", "L1001", "L1002", ""),
        ('name', "Name", "工时项目名称", "Replace engine oil and filter", "Replace front brake pads", ""),
        ('trade', "Mechanics, Electrics, Diagnosis, Body, Paint, Tyres and alignment, Accessories, Car wash", "工种",
         "Mechanics", "Mechanics", ""),
        ('skill', "Helper, Skilled, Senior, Master", "技能等级", "Skilled", "Skilled", ""),
        ('book_hours', "Standard hours, for model groups without a time of their own", "标准工时(小时)", 0.5, 1.2, ""),
        ('time_ids/model_group_id', "Model group with its own time; further groups on rows of their own, rest empty",
         "车型组(每组一行,其余列留空)", "", "Compact", "SUV"),
        ('time_ids/hours', "Hours for that model group", "该车型组工时", "", 1.0, 1.4),
        ('needs_other_person', "1: another person checks (brakes, steering, airbags, high voltage)", "须由他人检验",
         0, 1, ""),
        ('warranty_months', "Our own warranty in months", "维修质保(月)", 3, 6, ""),
        ('warranty_km', "Our own warranty in km", "维修质保(公里)", 5000, 10000, ""),
    ],
    'packages': [
        ('code', "Code of the package", "套餐代码", "P-SMALL", "", ""),
        ('name', "Name", "套餐名称", "Small service 5W-30", "", ""),
        ('model_group_ids', "Model groups, separated by commas; empty: every model", "适用车型组", "", "", ""),
        ('is_fixed_price', "1: sold for one price", "一口价", 1, "", ""),
        ('fixed_price', "The price", "套餐价", 399, "", ""),
        ('line_ids/kind', "Labour, Part or Fee; each on a row of its own", "行类型", "Labour", "Part", "Part"),
        ('line_ids/labour_item_id', "Code of the labour item", "工时代码", "L1001", "", ""),
        ('line_ids/product_id', "Part number", "配件号", "", "OIL-5W30", "FILTER-01"),
        ('line_ids/quantity', "Quantity", "数量", 1, 4, 1),
    ],
    'parts': [
        ('default_code', "Part number", "配件号", "OIL-5W30", "FILTER-01"),
        ('name', "Name", "配件名称", "Engine oil 5W-30, 1 l", "Oil filter"),
        ('aftersales_is_part', "1: car part", "是否配件", 1, 1),
        ('is_storable', "1: kept in stock", "是否管理库存", 1, 1),
        ('aftersales_grade', "Original (OEM), Brand part, Aftermarket, Remanufactured, Used", "配件等级",
         "Brand part", "Original (OEM)"),
        ('aftersales_oem_number', "Number of the manufacturer's part", "原厂配件号", "", "04E115561"),
        ('list_price', "Sales price, on your price basis", "销售价", 68, 45),
        ('standard_price', "Cost", "成本价", 40, 25),
        ('barcode', "Barcode", "条码", "", ""),
        ('aftersales_hazardous', "1: hazardous", "危险品", 1, 0),
        ('aftersales_key_position', "1: key part (engine, steering, brake, airbag)", "关键部位配件", 0, 0),
        ('aftersales_warranty_months', "Our warranty in months", "质保(月)", 0, 6),
        ('aftersales_warranty_km', "Our warranty in km", "质保(公里)", 0, 10000),
    ],
}


def main():
    TARGET.mkdir(parents=True, exist_ok=True)
    for name, columns in TABLES.items():
        workbook = xlsxwriter.Workbook(TARGET / f'{name}.xlsx')
        workbook.set_properties({'created': datetime.datetime(2026, 1, 1)})  # the same file each time
        bold = workbook.add_format({'bold': True, 'bg_color': '#E8F0FE'})
        table, notes = workbook.add_worksheet('Import'), workbook.add_worksheet('Notes 说明')
        notes.write_row(0, 0, ("Column", "What to enter", "填写说明"), bold)
        for number, (column, english, chinese, *rows) in enumerate(columns):
            table.write(0, number, column, bold)
            table.set_column(number, number, max(14, len(column) + 2))
            for row, value in enumerate(rows, start=1):
                if value != "":
                    table.write(row, number, value)
            notes.write_row(number + 1, 0, (column, english, chinese))
        table.freeze_panes(1, 0)
        notes.set_column(0, 0, 30)
        notes.set_column(1, 2, 70)
        workbook.close()


if __name__ == '__main__':
    main()
